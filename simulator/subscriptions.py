"""Who pays, and when: the raw tables of accounts and subscriptions.

A unit is an account, or a user without one. Whether it pays is drawn from what its users did in the first
week. Nothing that a user does depends on it, so no other planted value changes.
"""

from __future__ import annotations

from datetime import date

import duckdb

from simulator.early_use import TOUR_CODE
from simulator.law import (
    ACCOUNT_DIRT,
    BEHAVIORS,
    CANCELLED_SCALE_DAYS,
    CONVERSION_DAYS,
    CONVERSION_INTERCEPT,
    CONVERSION_SCALE_DAYS,
    CONVERTED_BEFORE_SHARE,
    MONTHLY_AMOUNTS,
    NOBODY_SIGNED_UP_SHARE,
    PRICE_CHANGE_DAYS,
    PRICE_CHANGE_SHARE,
    SNAPSHOT_AGE_DAYS,
    SUBSCRIPTION_DIRT,
    SUBSCRIPTION_KEYS,
    TRIAL_SHARE,
)
from simulator.law_tables import cumulative

# snapshot_at: the first midnight at which the unit has the age. A unit's key is its first user's.
UNITS = f"""
create table units as
select
    coalesce(account_id, 'user:' || user_id) as unit_id,
    any_value(account_id) as account_id,
    min(created_at) as started_at,
    date_trunc(
        'day', min(created_at) + interval {SNAPSHOT_AGE_DAYS} days - interval 1 microsecond
    ) + interval 1 day as snapshot_at,
    arg_min(key, user_no) as key,
    arg_min(user_id, user_no) as user_id,
    min(user_no) as user_no,
    count(*) as user_count
from people
group by 1;
create table early_counts (unit_id varchar, event_name varchar, event_count bigint)
"""

_NAMES = ", ".join(sorted({repr(event) for event, _, _ in BEHAVIORS.values()}))

# After each batch of clean events.
COUNT_EARLY_EVENTS = f"""
insert into early_counts
select
    unit_id,
    context as event_name,
    count(*) as event_count
from batch
inner join people on batch.user_no = people.user_no
inner join units on units.unit_id = coalesce(people.account_id, 'user:' || people.user_id)
where context in ({_NAMES}) and happened_at < snapshot_at and code != {TOUR_CODE}
group by unit_id, context
"""

_DONE = ",\n        ".join(
    f"coalesce(sum(event_count) filter (event_name = '{event}'), 0) >= {count} as {name}"
    for name, (event, count, _) in BEHAVIORS.items()
)
_LOG_ODDS = " + ".join(
    [repr(CONVERSION_INTERCEPT)]
    + [f"{log_odds} * {name}::int" for name, (_, _, log_odds) in BEHAVIORS.items() if log_odds]
)

# An exponential delay of any length, and a probability so much higher that exactly the planted share
# pays within CONVERSION_DAYS.
CONVERSIONS = f"""
create table conversions as
with
done as (
    select
        units.unit_id,
        {_DONE}
    from units
    left join early_counts on units.unit_id = early_counts.unit_id
    group by units.unit_id
),

drawn as (
    select
        units.*,
        done.* exclude (unit_id),
        1 / (1 + exp(-({_LOG_ODDS}))) as conversion_probability,
        digest(units.key, 'conversion', '') as conversion_digest,
        digest(units.key, 'conversion', 'time') as time_digest
    from units
    inner join done on units.unit_id = done.unit_id
)

select
    * exclude (conversion_digest, time_digest),
    case
        when share(conversion_digest, 0) < {CONVERTED_BEFORE_SHARE}
            then started_at + to_microseconds((
                upper_half(time_digest) % (epoch_us(snapshot_at) - epoch_us(started_at))::ubigint
            )::bigint)
        when share(conversion_digest, 1)
            < conversion_probability / (1 - exp(-{CONVERSION_DAYS} / {CONVERSION_SCALE_DAYS}))
            then snapshot_at + seconds_and(
                -86400 * {CONVERSION_SCALE_DAYS} * ln(1 - share(conversion_digest, 2)),
                word(time_digest, 0) % 1000000
            )
    end as planned_at,
    case when planned_at < timestamp '{{end}}' then planned_at end as converted_at
from drawn
"""

_KEYS = cumulative("share(subscription_digest, 0)", SUBSCRIPTION_KEYS)
_AMOUNTS = cumulative("share(subscription_digest, 1)", MONTHLY_AMOUNTS)

# A price that changes ends one period and starts the next one of the same subscription.
SUBSCRIPTIONS = f"""
create table subscriptions as
with
drawn as (
    select
        *,
        digest(key, 'subscription', '') as subscription_digest,
        digest(key, 'subscription', 'time') as time_digest,
        digest(key, 'subscription', 'dirt') as dirt_digest,
        case when account_id is null then 'user' else case {_KEYS} end end as named,
        'sub_' || lower(to_hex(new_key(key, 'subscription', 'id'))) as subscription_id
    from conversions
),

paid as (
    select
        *,
        case {_AMOUNTS} end::decimal(18, 2) as amount,
        converted_at + interval {PRICE_CHANGE_DAYS} days as changed_at,
        converted_at + seconds_and(
            60 - 86400 * {CANCELLED_SCALE_DAYS} * ln(1 - share(time_digest, 0)), 0
        ) as cancelled_at,
        share(time_digest, 1) < {PRICE_CHANGE_SHARE}
            and changed_at < cancelled_at and changed_at < timestamp '{{end}}' as is_changed,
        case when cancelled_at < timestamp '{{end}}' then cancelled_at end as last_end
    from drawn
    where converted_at is not null
),

periods as (
    select
        user_no,
        subscription_id,
        converted_at as started_at,
        amount as monthly_amount,
        if(named = 'user', null, account_id) as account_id,
        if(named = 'account', null, user_id) as user_id,
        if(is_changed, changed_at, last_end) as ended_at,
        dirt_digest
    from paid
    union all
    select
        user_no,
        subscription_id,
        changed_at,
        2 * amount,
        if(named = 'user', null, account_id),
        if(named = 'account', null, user_id),
        last_end,
        null
    from paid
    where is_changed
    union all
    select
        user_no,
        subscription_id,
        snapshot_at,
        0.00,
        if(named = 'user', null, account_id),
        if(named = 'account', null, user_id),
        snapshot_at + interval 14 days,
        null
    from drawn
    where planned_at is null and snapshot_at < timestamp '{{end}}'
        and share(time_digest, 2) < {TRIAL_SHARE}
),

dirty as (
    select
        *,
        case {cumulative("share(dirt_digest, 0)", SUBSCRIPTION_DIRT)} end as dirt,
        word(dirt_digest, 1) % 4 as choice
    from periods
),

all_rows as (
    select
        user_no, subscription_id, started_at, monthly_amount, account_id, user_id, ended_at,
        null as dirt
    from dirty
    union all
    -- Earlier than the payment, so that a row that counts by mistake would show.
    select
        user_no,
        case
            when dirt = 'same_row_again' then subscription_id
            when dirt != 'missing_key' or choice != 0 then subscription_id || '_' || dirt
        end,
        case
            when dirt = 'same_row_again' then started_at
            when dirt != 'missing_key' or choice != 1 then started_at - interval 1 day
        end,
        case
            when dirt = 'negative' then -monthly_amount
            when dirt != 'missing_key' or choice != 2 then monthly_amount
        end,
        case when dirt != 'unknown_user' and (dirt != 'missing_key' or choice != 3) then account_id end,
        case
            when dirt = 'unknown_user' then 'unknown_' || subscription_id
            when dirt != 'missing_key' or choice != 3 then user_id
        end,
        case
            when dirt = 'empty_period' then started_at - interval 1 day
            when dirt = 'same_row_again' then ended_at
        end,
        dirt
    from dirty
    where dirt is not null
)

select * exclude (user_no) from all_rows order by user_no, started_at, subscription_id, dirt nulls first
"""

ACCOUNTS = f"""
create table accounts as
with
drawn as (
    select
        *,
        digest(key, 'accounts', '') as accounts_digest,
        greatest(user_count, floor(pow(2, 1 + 6 * share(accounts_digest, 0)))::bigint) as seats,
        case {cumulative("share(accounts_digest, 1)", ACCOUNT_DIRT)} end as dirt
    from units
    where account_id is not null
),

all_rows as (
    select
        user_no,
        account_id,
        started_at as created_at,
        replace(account_id, 'account_', 'Account ') as account_name,
        if(share(accounts_digest, 2) < 0.1, null, seats) as seat_count,
        null as dirt
    from drawn
    union all
    select
        user_no,
        if(dirt = 'repeated_later', account_id, null),
        started_at + interval 5 hours,
        replace(account_id, 'account_', 'Account '),
        1,
        dirt
    from drawn
    where dirt is not null
    union all
    select
        user_no,
        replace(account_id, 'account', 'prospect'),
        started_at,
        replace(account_id, 'account_', 'Prospect '),
        seats,
        null
    from drawn
    where share(accounts_digest, 3) < {NOBODY_SIGNED_UP_SHARE}
)

select * exclude (user_no) from all_rows order by user_no, account_id nulls last, dirt nulls first
"""

# The same payments as events of each unit's first user, in place of those of the upgrade funnel.
AS_EVENTS = """
delete from events where event_name = 'subscription_started';
insert into events
select
    'paid-' || lower(to_hex(new_key(key, 'subscription', 'event'))) as event_id,
    user_id,
    'subscription_started' as event_name,
    converted_at as "timestamp",
    '{}' as properties,
    null as dirt
from conversions
where converted_at is not null
order by user_no
"""


def create_units(connection: duckdb.DuckDBPyConnection) -> None:
    """The accounts, and the users without one; the people are there, the events are not."""
    connection.execute(UNITS)


def create_subscriptions(connection: duckdb.DuckDBPyConnection, end: date, as_events: bool) -> None:
    """The raw tables of accounts and subscriptions.

    Args:
        connection: holds units and the events of their first week.
        end: of the data.
        as_events: whether the payments are events, and there are no subscriptions.
    """
    connection.execute(CONVERSIONS.format(end=end))
    connection.execute(ACCOUNTS)
    connection.execute(SUBSCRIPTIONS.format(end=end))
    if as_events:
        connection.execute(AS_EVENTS)
