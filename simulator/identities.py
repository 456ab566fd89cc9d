"""Who is who: devices, a second id of some users, and what is known about a user beside the plan.

What it writes is resolved to the people of people.py: every number of the marts stays as planted, but for
the rows that data_quality_by_rule counts.
"""

from __future__ import annotations

import duckdb

from simulator.law import IDENTITY, USER_COLUMN_VALUES
from simulator.law_tables import cumulative

# Users who have a device, and of some the device is a colleague's: the one who signed up just before.
OWNERS = """
create table owners as
with
drawn as (
    select
        *,
        digest(key, 'device', '') as device_digest,
        digest(key, 'identity', '') as identity_digest,
        digest(coalesce(account_no, key), 'account', '') as account_digest,
        'device_' || lower(to_hex(new_key(key, 'device', 'id'))) as own_device
    from people
),

placed as (
    select
        *,
        share(device_digest, 0) < {has_device} as has_device,
        share(device_digest, 1) < {shares_device} and user_no > 1 as shares_device,
        lag(own_device) over (order by user_no) as other_device
    from drawn
)

select
    user_no,
    user_id,
    created_at,
    case when has_device then if(shares_device, other_device, own_device) end as device,
    has_device and not shares_device
    and not coalesce(lead(shares_device) over (order by user_no), false) as is_device_of_one,
    share(identity_digest, 0) < {has_second_id} as may_have_second_id,
    replace(user_id, 'user', 'trial') as second_id,
    created_at + to_microseconds(
        86400000000 + (share(identity_digest, 1) * {merged_within_days} * 86400000000)::bigint
    ) as merged_at,
    share(identity_digest, 2) < {visits_before} as visits_before,
    word(device_digest, 3) as choice,
    new_key(key, 'visit', '') as visit_key,
    case {country} end as country,
    case {role} end as role,
    case when account_no is not null then floor(pow(2, 1 + 10 * share(account_digest, 0)))::bigint end
        as company_size
from placed
"""

# A second id is that of a user who tried the product without an account: with one row in users.
SECOND_IDS = """
create table second_ids as
select owners.*
from owners
inner join (select user_id from users group by user_id having count(*) = 1) as once
    on owners.user_id = once.user_id
where owners.may_have_second_id and owners.merged_at < timestamp '{end}'
"""

USERS = """
create or replace table users as
with
all_rows as (
    select
        owners.user_no,
        1 as place,
        users.user_id,
        users.account_id,
        coalesce(second_ids.merged_at, users.created_at) as created_at,
        users.plan_tier,
        if(second_ids.user_no is null, users.install_source, null) as install_source,
        users.invited_by,
        owners.country,
        owners.role,
        owners.company_size,
        users.dirt
    from users
    left join owners on users.user_id = owners.user_id
    left join second_ids on users.user_id = second_ids.user_id
    union all
    select
        second_ids.user_no,
        0 as place,
        second_ids.second_id as user_id,
        null as account_id,
        second_ids.created_at,
        null as plan_tier,
        users.install_source,
        null as invited_by,
        null as country,
        null as role,
        null as company_size,
        'merged_user' as dirt
    from second_ids
    inner join users on second_ids.user_id = users.user_id
)

select * exclude (user_no, place)
from all_rows
order by user_no nulls last, user_id nulls last, created_at nulls last, place, dirt nulls first
"""

# Rows that are no dirt, and copies of them, tell the device. After the first event of a user, some tell
# nothing else. People come to the site before they sign up; others come and go.
EVENTS = """
create or replace table events as
with
numbered as (
    select
        *,
        row_number() over () as row_no,
        row_number() over (
            partition by user_id, dirt is null order by "timestamp", event_id
        ) > 1 as is_later
    from events
),

all_rows as (
    select
        numbered.row_no,
        numbered.event_id,
        case
            when
                numbered.dirt is null
                and numbered.is_later
                and owners.is_device_of_one
                and share(digest(numbered.event_id, 'device', ''), 0) < {without_user}
                then null
            when numbered."timestamp" < second_ids.merged_at then second_ids.second_id
            else numbered.user_id
        end as user_id,
        case
            when numbered.dirt is null or numbered.dirt in (
                'same_row_again', 'sent_again_later', 'same_row_again_without_id', 'blank_event_id'
            ) then owners.device
        end as anonymous_id,
        numbered.event_name,
        numbered."timestamp",
        numbered.properties,
        numbered.dirt
    from numbered
    left join owners on numbered.user_id = owners.user_id
    left join second_ids on numbered.user_id = second_ids.user_id
    union all
    select
        -1 as row_no,
        'visit-' || lower(to_hex(visit_key)) as event_id,
        null as user_id,
        device as anonymous_id,
        'site_visited' as event_name,
        created_at - to_seconds(60 + choice % 172800) as "timestamp",
        null as properties,
        'anonymous_before_signup' as dirt
    from owners
    where visits_before and is_device_of_one
    union all
    select
        -1 as row_no,
        'visit-' || lower(to_hex(new_key(visit_key, 'visitor', ''))) as event_id,
        null as user_id,
        'device_' || lower(to_hex(new_key(visit_key, 'visitor', 'device'))) as anonymous_id,
        'site_visited' as event_name,
        created_at,
        null as properties,
        'anonymous_event' as dirt
    from owners
    where share(digest(visit_key, 'visitor', ''), 0) < {visitors_a_user}
)

select * exclude (row_no)
from all_rows
order by row_no, "timestamp", event_id
"""

ALIASES = """
create table aliases as
select
    second_id as alias_id,
    user_id,
    merged_at as aliased_at
from second_ids
order by user_no
"""


def create_identities(connection: duckdb.DuckDBPyConnection, end: object) -> None:
    """Gives the raw tables devices, second ids and further columns, and makes the raw table of aliases.

    Args:
        connection: holds people, users and events.
        end: of the data, a date.
    """
    columns = {
        name: cumulative(f"share({digest}, {nth})", shares)
        for name, (digest, nth, shares) in USER_COLUMN_VALUES.items()
    }
    connection.execute(OWNERS.format(**IDENTITY, **columns))
    connection.execute(SECOND_IDS.format(end=end))
    connection.execute(EVENTS.format(**IDENTITY))
    connection.execute(USERS)
    connection.execute(ALIASES)
