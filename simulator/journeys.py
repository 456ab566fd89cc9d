"""What users meet beside the milestones: errors, clicks in anger, and the way to a subscription.

All of it happens on dates on which the user is active anyway, so it changes no planted retention. It
draws from digests of its own, so it changes no other event.
"""

from __future__ import annotations

from simulator.law import (
    ATTEMPT_DAYS,
    CELLS,
    CLASSES,
    CLICK_SHARE,
    LIMIT_DAYS_SCALE,
    LIMIT_HIT_SHARE,
    PROMPT_SHARE,
    RAGE_AFTER_INVITE,
    RAGE_AFTER_LOGIN,
    SALES_SHARE,
    SUBSCRIPTION_SHARE,
)
from simulator.shares import error_if_inviting, error_if_not

_ERROR_CASES = " ".join(
    f"when {number} then {error_if_not(channel)!r}" for number, channel in enumerate(CELLS)
)

# Who of the batch has logged in to the activation funnel, and whether an invitation came after that.
ATTEMPTS = f"""
create or replace table attempts as
with
first_visits as (
    select distinct on (user_no)
        user_no,
        login_at(key, day_no, starts_at) as logged_in_at
    from visits
    order by user_no, day_no
)

select
    first_visits.*,
    people.created_at,
    people.m1_at,
    people.m2_at,
    coalesce(
        m1_at >= logged_in_at and m1_at < people.created_at + interval {ATTEMPT_DAYS} days, false
    ) as is_inviting,
    digest(key, 'friction', '') as friction_digest,
    digest(key, 'friction', 'time') as time_digest,
    share(friction_digest, 0) < if(
        is_inviting, {error_if_inviting()!r}, case cell_no {_ERROR_CASES} end
    ) as sees_error
from first_visits
inner join people on first_visits.user_no = people.user_no
where logged_in_at < people.created_at + interval {ATTEMPT_DAYS} days
"""

SAW_ERROR = "insert into saw_error select user_no from attempts where sees_error"

# Within three minutes of a step, before the next one and on the same date.
FRICTION_EVENTS = f"""
with
steps as (
    select
        *,
        logged_in_at as step_at,
        if(is_inviting, m1_at, null) as next_step_at,
        1 as step_no
    from attempts
    union all
    select
        *,
        m1_at,
        if(m2_at > m1_at, m2_at, null),
        2
    from attempts
    where is_inviting
),

timed as (
    select
        *,
        greatest(1, least(
            room(step_at, 180000000),
            coalesce(epoch_us(next_step_at) - epoch_us(step_at), 180000000)
        ))::ubigint as microseconds
    from steps
)

select
    user_no,
    created_at,
    step_at + to_microseconds((word(time_digest, 0) % microseconds)::bigint) as happened_at,
    'error_shown' as context,
    null as properties,
    6 << 25 as code
from timed
where step_no = 1 and sees_error
union all
select
    user_no,
    created_at,
    step_at + to_microseconds((word(time_digest, step_no) % microseconds)::bigint),
    'rage_click',
    null,
    (6 << 25) + step_no
from timed
where share(friction_digest, step_no) < if(step_no = 1, {RAGE_AFTER_LOGIN}, {RAGE_AFTER_INVITE})
"""

_LIMIT_CASES = " ".join(
    f"when {number} then {LIMIT_HIT_SHARE[name]}" for number, name in enumerate(CLASSES)
)

# later(): after the instant, at most so many seconds, on the same date.
UPGRADE_EVENTS = f"""
with
drawn as (
    select
        user_no,
        key,
        plan_tier,
        digest(key, 'upgrade', '') as upgrade_digest,
        digest(key, 'upgrade', 'time') as time_digest,
        digest(key, 'upgrade', 'limit') as limit_digest,
        floor(-{LIMIT_DAYS_SCALE} * ln(1 - share(limit_digest, 1))) as planned_day
    from people
    where user_no between {{first}} and {{last}}
        and share(limit_digest, 0) < case class_no {_LIMIT_CASES} end
),

limits as (
    select distinct on (user_no)
        drawn.*,
        visits.created_at,
        later(visits.starts_at, word(time_digest, 0), 2700) as limit_at
    from drawn
    inner join visits on drawn.user_no = visits.user_no and visits.day_no >= planned_day
    order by user_no, visits.day_no
),

prompts as (
    select
        *,
        later(limit_at, word(time_digest, 1), 20) as prompt_at
    from limits
    where share(upgrade_digest, 0) < {PROMPT_SHARE}
),

sales as (
    select
        *,
        case
            when share(upgrade_digest, 1) < {SALES_SHARE}
                then later(prompt_at, word(limit_digest, 2), 600)
        end as sales_at
    from prompts
),

clicks as (
    select
        *,
        later(coalesce(sales_at, prompt_at), word(time_digest, 2), 1800) as click_at
    from sales
    where share(upgrade_digest, 2) < {CLICK_SHARE}
),

subscriptions as (
    select
        *,
        later(click_at, word(time_digest, 3), 3600) as subscription_at
    from clicks
    where share(upgrade_digest, 3) < if(
        coalesce(plan_tier != 'free', false),
        {SUBSCRIPTION_SHARE[True]},
        {SUBSCRIPTION_SHARE[False]}
    )
)

select user_no, created_at, limit_at, 'limit_hit', null, 7 << 25 from limits
union all
select user_no, created_at, prompt_at, 'prompt_viewed', null, (7 << 25) + 1 from prompts
union all
select user_no, created_at, sales_at, 'sales_contacted', null, (7 << 25) + 2
from sales
where sales_at is not null
union all
select user_no, created_at, click_at, 'upgrade_clicked', null, (7 << 25) + 3 from clicks
union all
select user_no, created_at, subscription_at, 'subscription_started', null, (7 << 25) + 4
from subscriptions
"""

# Clean events of the batch's users, read by the batch of all events.
JOURNEY_EVENTS = f"""
create or replace table journey_events as
({FRICTION_EVENTS})
union all
({UPGRADE_EVENTS})
"""
