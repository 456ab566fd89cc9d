"""Who signs up: generation after generation of users, and the raw table of users."""

from __future__ import annotations

import math
from datetime import date

import duckdb

from simulator.law import (
    ACCEPTANCE_SCALE_DAYS,
    CHANNELS,
    CLASSES,
    FASTER_INVITE_FROM,
    FASTER_INVITE_POINTS,
    INVITATION_WINDOW_DAYS,
    INVITATIONS,
    INVITE,
    MILESTONES,
    PLAN_TIER_SHARES,
    PLAN_TIERS,
    REFERRAL,
    START_DATE,
    USER_DIRT,
    signup_weight,
)
from simulator.law_tables import cumulative
from simulator.shares import invitations_per_user

# One generation: class, milestones and invitations of the users in `arrivals`.
JOIN_GENERATION = """
insert into members
with
drawn as (
    select
        arrivals.*,
        digest(key, 'class', '') as class_digest,
        digest(key, 'plan', '') as plan_digest,
        {milestone_digests}
    from arrivals
),

classed as (
    select
        drawn.*,
        classes.*,
        channels.pace
    from drawn
    inner join channels on drawn.channel_no = channels.channel_no
    inner join classes
        on classes.class_no = case
            when created_at >= date '{release}' and share(class_digest, 0) >= document_up_to
                and share(class_digest, 0) < document_up_to + {release_points} then {only_invite}
            else (share(class_digest, 0) >= both_up_to)::int
                + (share(class_digest, 0) >= invite_up_to)::int
                + (share(class_digest, 0) >= document_up_to)::int
        end
),

timed as (
    select
        *,
        {milestone_times}
    from classed
)

select
    key,
    inviter_key,
    account_no,
    created_at,
    channel_no,
    class_no,
    case {plan_cases} end as plan_tier,
    m1_at,
    m2_at,
    m3_at,
    m4_at,
    case when m1_at is not null then case {invitation_cases} end else 0 end as invitation_count,
    {generation} as generation
from timed
"""

MILESTONE_TIME = """case
            when share({m}_digest, 0) < {m}_probability then created_at + seconds_and(
                86400 * ({m}_start + truncated_exponential(
                    share({m}_digest, 1), {m}_scale * pace, {m}_end - {m}_start
                )),
                word({m}_digest, 2) % 1000000
            )
        end as {m}_at"""

FIRST_ARRIVALS = """
create or replace table arrivals as
with
keyed as (
    select
        new_key({seed}, 'user', range) as key,
        digest(key, 'arrival', '') as arrival_digest,
        digest(key, 'account', '') as account_digest
    from range({size})
)

-- The sum of two even draws peaks at noon. Some have no account; some accounts hold many users.
select
    key,
    null::ubigint as inviter_key,
    case
        when share(account_digest, 0) >= 0.12
            then floor({account_count} * pow(share(account_digest, 1), 1.5))::bigint
    end as account_no,
    date '{start}' + calendar.day::int + to_microseconds((
        upper_half(arrival_digest) % 43200000000 + upper_half(account_digest) % 43200000000
    )::bigint) as created_at,
    calendar.channel_no
from keyed
asof join calendar on share(arrival_digest, 0) >= calendar.lower_bound
"""

INVITED_ARRIVALS = """
create or replace table arrivals as
with
invitations as (
    select
        members.*,
        channels.acceptance,
        new_key(key, 'invitation', invitation_no) as invited_key,
        digest(invited_key, 'acceptance', '') as acceptance_digest
    from members
    inner join channels on members.channel_no = channels.channel_no
    cross join range({most_invitations}) as numbers (invitation_no)
    where members.generation = {generation} - 1 and invitation_no < members.invitation_count
),

-- An acceptance always falls within 30 days of the inviter's signup.
accepted as (
    select
        invited_key as key,
        key as inviter_key,
        account_no,
        m1_at + seconds_and(
            truncated_exponential(
                share(acceptance_digest, 1),
                {scale_seconds},
                {window_seconds} - 1 - (epoch_us(m1_at) - epoch_us(created_at)) / 1000000
            ),
            word(acceptance_digest, 2) % 1000000
        ) as created_at,
        {referral} as channel_no
    from invitations
    where share(acceptance_digest, 0) < acceptance
)

select * from accepted where created_at < timestamp '{end}'
"""

# Everybody, numbered by signup. `tenth` is the user who makes an account reach ten.
PEOPLE = """
create table people as
with
numbered as (
    select
        *,
        row_number() over (order by created_at, key) as user_no
    from members
)

select
    member.* exclude (invitation_count, generation, inviter_key),
    member.invitation_count,
    format('user_{{:08d}}', member.user_no) as user_id,
    format('account_{{:07d}}', member.account_no + 1) as account_id,
    format('user_{{:08d}}', inviter.user_no) as invited_by,
    channels.name as install_source,
    member.channel_no + if(member.created_at >= date '{release}', {channel_count}, 0) as cell_no,
    member.account_no is not null and 10 = row_number() over (
        partition by member.account_no order by member.user_no
    ) as is_tenth_of_account,
    digest(member.key, 'dirt', '') as dirt_digest
from numbered as member
left join numbered as inviter on member.inviter_key = inviter.key
inner join channels on member.channel_no = channels.channel_no
order by member.user_no
"""

USERS = """
create table users as
with
dirty as (
    select
        *,
        case {dirt_cases} end as dirt,
        word(dirt_digest, 2) as choice
    from people
),

all_rows as (
    select
        user_no,
        user_id,
        account_id,
        created_at,
        plan_tier,
        install_source,
        invited_by,
        null as dirt
    from dirty
    union all
    select
        user_no,
        case
            when dirt = 'future_event' then replace(user_id, 'user', 'future')
            when dirt != 'missing_key' or choice % 2 = 0 then user_id
        end,
        account_id,
        case
            when dirt = 'future_event' then created_at + interval 100 years
            when dirt = 'repeated_later' then least(
                created_at + to_seconds(1 + choice % 172800),
                timestamp '{end}' - interval 1 microsecond
            )
            when dirt != 'missing_key' or choice % 2 = 1 then created_at
        end,
        case when dirt = 'repeated_later' then 'pro' else plan_tier end,
        install_source,
        invited_by,
        dirt
    from dirty
    where dirt is not null
)

select * exclude (user_no) from all_rows order by user_no, dirt nulls first
"""


def _first_generation_size(users: int, days: int) -> int:
    """How many users come alone so that, with those they invite, about `users` sign up."""
    weights = [[signup_weight(c, day, days) for c in CHANNELS] for day in range(days)]
    total = sum(map(sum, weights))
    k = [invitations_per_user(c) * c.acceptance for c in CHANNELS]
    # Roughly: the lag between the two signups, and no release. No planted value depends on it.
    lag = [
        math.exp(-n / ACCEPTANCE_SCALE_DAYS) - math.exp(-n / INVITE.scale_days)
        for n in range(INVITATION_WINDOW_DAYS)
    ]
    lag = [share / sum(lag) for share in lag]
    caused = [sum(w * r for w, r in zip(row, k, strict=True)) / total for row in weights]
    invited: list[float] = []
    for day in range(days):
        reach = min(day, INVITATION_WINDOW_DAYS - 1) + 1
        invited.append(sum(lag[n] * caused[day - n] for n in range(reach)))
        caused[day] += invited[day] * k[REFERRAL]
    return max(1, round(users / (1 + sum(invited))))


def create_people(
    connection: duckdb.DuckDBPyConnection, users: int, days: int, seed: int, end: date
) -> None:
    """Generation after generation of users, then all of them, then the rows of the raw table."""
    connection.execute(
        "create table members (key ubigint, inviter_key ubigint, account_no bigint, "
        "created_at timestamp, channel_no int, class_no int, plan_tier varchar, m1_at timestamp, "
        "m2_at timestamp, m3_at timestamp, m4_at timestamp, invitation_count int, generation int)"
    )
    plan_cases = "\n        ".join(
        f"when class_no = {number} then case "
        + cumulative(
            "share(plan_digest, 0)", dict(zip(PLAN_TIERS, PLAN_TIER_SHARES[name], strict=True))
        )
        + " end"
        for number, name in enumerate(CLASSES)
    )
    join_generation = JOIN_GENERATION.format(
        milestone_digests=",\n        ".join(
            f"digest(key, '{m}', '') as {m}_digest" for m in MILESTONES
        ),
        milestone_times=",\n        ".join(MILESTONE_TIME.format(m=m) for m in MILESTONES),
        plan_cases=plan_cases,
        invitation_cases=cumulative("share(plan_digest, 1)", INVITATIONS),
        release=FASTER_INVITE_FROM,
        release_points=FASTER_INVITE_POINTS,
        only_invite=CLASSES.index("only_invite"),
        generation="{generation}",
    )
    size = _first_generation_size(users, days)
    connection.execute(
        FIRST_ARRIVALS.format(
            seed=seed, size=size, account_count=max(1, size * 6 // 10), start=START_DATE
        )
    )
    generation = 0
    while connection.execute("select count(*) from arrivals").fetchone()[0]:
        connection.execute(join_generation.format(generation=generation))
        generation += 1
        connection.execute(
            INVITED_ARRIVALS.format(
                generation=generation,
                most_invitations=max(INVITATIONS),
                scale_seconds=ACCEPTANCE_SCALE_DAYS * 86_400,
                window_seconds=INVITATION_WINDOW_DAYS * 86_400,
                referral=REFERRAL,
                end=end,
            )
        )
    connection.execute(PEOPLE.format(release=FASTER_INVITE_FROM, channel_count=len(CHANNELS)))
    connection.execute(
        USERS.format(end=end, dirt_cases=cumulative("share(dirt_digest, 0)", USER_DIRT))
    )
