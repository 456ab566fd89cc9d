"""What users do: visits, milestones and messages, and the raw table of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import duckdb

from simulator.early_use import EARLY_USE_EVENTS
from simulator.journeys import ATTEMPTS, JOURNEY_EVENTS, SAW_ERROR
from simulator.law import EVENT_DIRT, MILESTONES
from simulator.law_tables import cumulative
from simulator.subscriptions import COUNT_EARLY_EVENTS

USERS_PER_BATCH = 50_000

# Days on which a user of the batch does something ordinary; q(n) as in the module's docstring. The
# latest milestone ends 30 days after the signup, on day 30, so from day 31 on q(n) is R(n).
VISITS = """
create or replace table visits as
with
early_days as (
    select
        people.*,
        day_no,
        classes.events_per_visit,
        digest(key, 'visit', day_no) as visit_digest,
        day_no - (epoch_us(created_at) % 86400000000) / 86400000000 as day_start,
        habit(day_no, m2_at, created_at, habit_if_early, habit_if_not) as habit,
        1 - (1 - if(day_no = 0, day_zero, day_one * pow(day_no, -decay) * habit))
            / ({idle_product}) as visit_probability
    from people
    inner join channels on people.channel_no = channels.channel_no
    inner join classes on people.class_no = classes.class_no
    cross join range(31) as numbers (day_no)
    where user_no between {first} and {last} and created_at::date + day_no::int < date '{end}'
),

-- The classes are joined after the unnesting: the other way round DuckDB 2.0.0 fails ("global
-- dictionary column changed identity").
later_days as (
    select
        *,
        unnest(range(31, date '{end}' - created_at::date)) as day_no
    from people
    where user_no between {first} and {last}
),

later_visits as (
    select
        later_days.*,
        classes.events_per_visit,
        digest(key, 'visit', day_no) as visit_digest
    from later_days
    inner join classes on later_days.class_no = classes.class_no
    where share(visit_digest, 0) < day_one * pow(day_no, -decay)
        * habit(day_no, m2_at, created_at, habit_if_early, habit_if_not)
),

visits as (
    select {visit_columns} from early_days where share(visit_digest, 0) < visit_probability
    union all
    select {visit_columns} from later_visits
)

-- Day 0 begins with the signup; another day's session at a time that peaks at noon.
select
    *,
    case
        when day_no = 0 then created_at
        else created_at::date + day_no::int
            + to_seconds(word(visit_digest, 2) % 43200 + word(visit_digest, 3) % 43200)
    end as starts_at,
    1 + least(30, floor(ln(1 - share(visit_digest, 1)) / ln(1 - 1 / events_per_visit)))::int
        as event_count
from visits
"""

# Clean events of the batch. `context` names the vocabulary; `code` is unique within a user.
BATCH = """
create or replace table batch as
with
visit_events as (
    select
        *,
        unnest(range(event_count)) as event_no,
        digest(key, 'event', day_no * 64 + event_no) as event_digest
    from visits
),

ordinary_events as (
    select
        user_no,
        created_at,
        starts_at + to_microseconds((
            upper_half(event_digest)
            % room(starts_at, if(event_no = 0, 60000000, 2700000000))::ubigint
        )::bigint) as happened_at,
        case
            when event_no = 0 then 'user_login'
            when event_no = 1 and day_no = 0 and share(event_digest, 0) < 0.7
                then 'onboarding_completed'
            when event_no = 1 and m3_at < starts_at::date and share(event_digest, 0) < 0.5
                then 'api_call_success'
            when event_no = 2 and m2_at < starts_at::date and share(event_digest, 0) < 0.3
                then 'document_created'
            when event_no = 3 and m4_at < starts_at::date and share(event_digest, 0) < 0.5
                then 'task_completed'
            when event_no = 4 and plan_tier != 'free' and share(event_digest, 0) < 0.2
                then 'paid_feature_used'
            else 'ordinary'
        end as context,
        null as properties,
        (4 << 25) + (day_no << 6) + event_no as code
    from visit_events
),

-- Reported at the start of the tenth user's first visit, so that it makes no further day active.
account_events as (
    select
        user_no,
        created_at,
        starts_at,
        'account_reached_ten_users',
        null,
        5 << 25
    from visits
    where is_tenth_of_account and day_no = 0
),

people_of_batch as (
    select *, digest(key, 'invite', '') as invite_digest
    from people
    where user_no between {first} and {last}
),

signup_events as (
    select user_no, created_at, created_at, 'user_signup', null, 0
    from people_of_batch
),

-- A big invitation goes out in two events on the same day.
invite_events as (
    select
        user_no,
        created_at,
        m1_at + to_microseconds(if(
            part = 0, 0, (upper_half(invite_digest) % room(m1_at, 600000000)::ubigint)::bigint
        )) as happened_at,
        case
            when invitation_count < 3 then if(part = 0, invitation_count, 0)
            when part = 0 then (invitation_count + 1) // 2
            else invitation_count // 2
        end as size,
        case
            when size = 1 and share(invite_digest, 0) < 0.2 then '{{}}'
            when share(invite_digest, 1) < 0.15 then format('{{{{"count": "{{}}"}}}}', size)
            else format('{{{{"count": {{}}}}}}', size)
        end as properties,
        (1 << 25) + part as code
    from people_of_batch
    cross join range(2) as parts (part)
    where m1_at is not null
),

milestone_events as (
    select user_no, created_at, happened_at, 'invite_sent', properties, code
    from invite_events
    where size > 0
    union all
    select user_no, created_at, m2_at, 'document_created', null, (1 << 25) + 2
    from people_of_batch
    where m2_at is not null
    union all
    select user_no, created_at, m3_at, 'api_call_success', null, (1 << 25) + 3
    from people_of_batch
    where m3_at is not null
    union all
    select user_no, created_at, m4_at, 'task_completed', null, (1 << 25) + 4
    from people_of_batch
    where m4_at is not null
),

-- Not meaningful, so on any day.
messages as (
    select
        *,
        digest(key, context, planned_day) as message_digest
    from people_of_batch
    cross join message_plan
),

message_events as (
    select
        user_no,
        created_at,
        created_at + to_seconds(planned_day * 86400 + word(message_digest, 1) % 43200)
            + to_microseconds((word(message_digest, 2) % 1000000)::bigint),
        context,
        null,
        (message_plan_no << 25) + planned_day
    from messages
    where share(message_digest, 0) < probability
),

all_events as (
    select * from ordinary_events
    union all
    select * from account_events
    union all
    select * from signup_events
    union all
    select * from milestone_events
    union all
    select * from message_events
    union all
    select * from journey_events
    union all
    select * from early_use_events
),

in_time as (
    select
        all_events.*,
        people_of_batch.user_id,
        digest(people_of_batch.key, 'row', code) as row_digest
    from all_events
    inner join people_of_batch on all_events.user_no = people_of_batch.user_no
    where happened_at < timestamp '{end}'
)

select
    in_time.* exclude (properties, row_digest),
    vocabulary.event_name,
    coalesce(in_time.properties, vocabulary.properties) as properties,
    case {dirt_cases} end as dirt,
    word(row_digest, 2) as choice
from in_time
inner join vocabulary
    on in_time.context = vocabulary.context and word(row_digest, 1) % 100 = vocabulary.slot
"""

# Identifiers are UUIDs of version 8 (free content): seed, user and event, so unique by construction
# and small when compressed. A planted row that is no duplicate has its own (variant 9).
EVENTS = """
insert into events
with
identified as (
    select
        *,
        lower(lpad(to_hex(user_no), 8, '0')) as user_hex,
        lower(lpad(to_hex(code), 7, '0')) as code_hex,
        '{id_prefix}-8' || user_hex[:3] || '-' || user_hex[4:] || code_hex as clean_id
    from batch
),

all_rows as (
    select
        user_no,
        code,
        if(dirt in ('blank_event_id', 'same_row_again_without_id'), null, clean_id) as event_id,
        user_id,
        event_name,
        happened_at as "timestamp",
        properties,
        if(dirt = 'blank_event_id', dirt, null) as dirt
    from identified
    union all
    select
        user_no,
        code,
        case
            when dirt in ('same_row_again', 'sent_again_later') then clean_id
            when dirt != 'same_row_again_without_id'
                then '{id_prefix}-9' || user_hex[:3] || '-' || user_hex[4:] || code_hex
        end,
        case
            when dirt = 'unknown_user' then replace(user_id, 'user', 'unknown')
            when dirt != 'missing_key' or choice % 3 != 0 then user_id
        end,
        if(dirt = 'missing_key' and choice % 3 = 1, null, event_name),
        case
            when dirt = 'future_event' then happened_at + interval 100 years
            when dirt = 'before_signup' then created_at - to_seconds(3601 + choice % 36000)
            when dirt = 'sent_again_later' then least(
                happened_at + to_seconds(60 + choice % 172800),
                timestamp '{end}' - interval 1 microsecond
            )
            when dirt != 'missing_key' or choice % 3 != 2 then happened_at
        end,
        properties,
        dirt
    from identified
    where dirt is not null and dirt != 'blank_event_id'
)

select event_id, user_id, event_name, "timestamp", properties, dirt
from all_rows
order by user_no, code, dirt nulls first
"""


def create_events(
    connection: duckdb.DuckDBPyConnection, seed: int, end: date, step: Callable[[int], None]
) -> None:
    """The raw table of events, one batch of users after the other, so that memory stays bounded."""
    connection.execute(
        "create table events (event_id varchar, user_id varchar, event_name varchar, "
        '"timestamp" timestamp, properties varchar, dirt varchar)'
    )
    idle_product = "\n            * ".join(
        f"(1 - {m}_probability * (share_by(day_start + 1, {m}_start, {m}_end, {m}_scale * pace)"
        f" - share_by(day_start, {m}_start, {m}_end, {m}_scale * pace)))"
        for m in MILESTONES
    )
    visit_columns = (
        "key, user_no, day_no, created_at, m2_at, m3_at, m4_at, plan_tier, is_tenth_of_account, "
        "events_per_visit, visit_digest"
    )
    connection.execute("create table saw_error (user_no bigint)")
    hexadecimal = connection.execute("select md5(concat('seed:', ?::bigint))", [seed]).fetchone()[0]
    id_prefix = f"{hexadecimal[:8]}-{hexadecimal[8:12]}-8{hexadecimal[12:15]}"
    user_count = connection.execute("select count(*) from people").fetchone()[0]
    for first in range(1, user_count + 1, USERS_PER_BATCH):
        batch = {"first": first, "last": min(first + USERS_PER_BATCH - 1, user_count), "end": end}
        connection.execute(
            VISITS.format(idle_product=idle_product, visit_columns=visit_columns, **batch)
        )
        connection.execute(ATTEMPTS)
        connection.execute(SAW_ERROR)
        connection.execute(JOURNEY_EVENTS.format(**batch))
        connection.execute(EARLY_USE_EVENTS.format(**batch))
        connection.execute(
            BATCH.format(dirt_cases=cumulative("share(row_digest, 0)", EVENT_DIRT), **batch)
        )
        connection.execute(COUNT_EARLY_EVENTS)
        connection.execute(EVENTS.format(id_prefix=id_prefix, end=end))
        step(batch["last"] - first + 1)
