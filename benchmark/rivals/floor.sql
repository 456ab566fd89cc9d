-- The floor: all 13 marts straight from the raw files, with as little work as the exact numbers allow.
-- One pass over the event ids finds the few that may be doubled, one pass over everything writes narrow rows
-- (text is kept for those few only). From there on everything is counted by user, by user-day, or by the small
-- key (cohort x combination of segments), and only those small counts are spread over grains and segments.
--
-- Set by the runner: raw_dir, definitions_dir, credible_until (start of the run + 1 hour).

-- # definitions
create schema marts;

create temp table milestones as
select
    milestone_id,
    coalesce(path, 'default') as path,
    cast(milestone_order as integer) as milestone_order,
    triggered_by_event,
    cast(weight as decimal(18, 12)) as weight,
    coalesce(cast(is_required as boolean), true) as is_required,
    coalesce(cast(is_first_value as boolean), false) as is_first_value,
    coalesce(cast(min_count as bigint), 1) as min_count,
    to_seconds(
        cast(regexp_extract(timeframe, '[0-9]+') as bigint)
        * case right(trim(timeframe), 1) when 'h' then 3600 when 'd' then 86400 when 'w' then 604800 end
    ) as timeframe
from read_csv(getvariable('definitions_dir') || '/milestones.csv', header = true, all_varchar = true);

create temp table pql_signals as
select
    signal_id,
    triggered_by_event,
    user_column,
    user_value,
    cast(points as decimal(18, 4)) as points,
    coalesce(cast(max_count as bigint), 1) as max_count
from read_csv(getvariable('definitions_dir') || '/pql_signals.csv', header = true, all_varchar = true);

create temp table pql_bands as
select
    scheme,
    band,
    recommended_action,
    coalesce(cast(is_qualified as boolean), false) as is_qualified,
    cast(lower_bound as decimal(18, 4)) as lower_bound,
    lead(cast(lower_bound as decimal(18, 4))) over (
        partition by scheme order by cast(lower_bound as decimal(18, 4))
    ) as next_lower_bound
from read_csv(getvariable('definitions_dir') || '/pql_bands.csv', header = true, all_varchar = true);

-- Every event whose name matters, with a small code: first those that are not meaningful, from 1. All other
-- events, code 0, are meaningful and nothing more.
create temp table named_events as
with
meaningless as (
    select event_name
    from read_csv(getvariable('definitions_dir') || '/event_catalog.csv', header = true, all_varchar = true)
    where not coalesce(cast(is_meaningful as boolean), false)
),
counted as (
    select triggered_by_event as event_name from milestones
    union
    select triggered_by_event from pql_signals where triggered_by_event is not null
    union
    select 'invite_sent'
)
select
    event_name,
    m.event_name is null as is_meaningful,
    row_number() over (order by is_meaningful, event_name)::usmallint as event_code
from counted
full join meaningless as m using (event_name);

set variable event_names = (select list(event_name order by event_code) from named_events);
set variable meaningless_event_count = (select count(*) from named_events where not is_meaningful);

-- # users
create temp table users_judged as
with
raw_users as (
    select
        nullif(user_id, '') as user_id,
        nullif(account_id, '') as account_id,
        created_at,
        nullif(plan_tier, '') as plan_tier,
        nullif(install_source, '') as install_source,
        nullif(invited_by, '') as invited_by
    from read_parquet(getvariable('raw_dir') || '/users.parquet')
),
delivered as (
    select
        *,
        case
            when user_id is null or created_at is null then 'missing_key'
            when created_at > getvariable('credible_until') then 'future_event'
        end as early_rule
    from raw_users
)
select
    * exclude (early_rule),
    case
        when early_rule is not null then early_rule
        when row_number() over (
            partition by user_id, early_rule
            order by created_at, account_id, plan_tier, install_source, invited_by
        ) > 1 then 'duplicate_user'
        when user_id in (
            select nullif(user_id, '')
            from read_csv(getvariable('definitions_dir') || '/excluded_users.csv', header = true, all_varchar = true)
            where user_id <> ''
        ) then 'excluded_user'
    end as rule_name
from delivered;

set variable first_signup_date = (select min(created_at)::date from users_judged where rule_name is null);

-- Days are counted from the Monday of the first signup's week, so that a week is day // 7.
set variable day_zero = (select date_trunc('week', getvariable('first_signup_date'))::date);

-- Users of one combo are the same in all segments. Only text is sorted here; events carry integers.
create temp table segment_combos as
with
combos as (
    select distinct
        coalesce(invited_by <> user_id, false) as is_invited, install_source, plan_tier
    from users_judged
    where rule_name is null
)
select *, row_number() over ()::integer as combo from combos;

create temp table segments as
with
memberships as (
    select combo, 'all' as segment_type, 'all' as segment_value from segment_combos
    union all
    select combo, 'acquisition_type', if(is_invited, 'invited', 'new') from segment_combos
    union all
    select combo, 'install_source', coalesce(install_source, 'unknown') from segment_combos
    union all
    select combo, 'plan_tier', coalesce(plan_tier, 'unknown') from segment_combos
)
select combo, segment_type, segment_value, dense_rank() over (order by segment_type, segment_value)::integer as segment
from memberships;

create temp table users as
select
    row_number() over (order by u.user_id)::integer as user_key,
    u.user_id,
    u.account_id,
    u.created_at,
    u.plan_tier,
    u.install_source,
    u.invited_by,
    c.combo,
    (u.created_at::date - getvariable('day_zero'))::integer as signup_day
from users_judged as u
inner join segment_combos as c
    on coalesce(u.invited_by <> u.user_id, false) = c.is_invited
    and u.install_source is not distinct from c.install_source
    and u.plan_tier is not distinct from c.plan_tier
where u.rule_name is null;

-- # read events
-- Ids whose hash repeats. Whether they really are doubled, their text decides later.
create temp table repeated_hashes as
with
hashes as (
    select hash(event_id) as id_hash
    from read_parquet(getvariable('raw_dir') || '/events/*.parquet')
    where event_id <> ''
),
neighbours as (
    select id_hash, lag(id_hash) over (order by id_hash) as previous_hash from hashes
)
select distinct id_hash from neighbours where id_hash = previous_hash;

create macro invitations_in(properties) as
    case
        when json_valid(properties) then greatest(
            1,
            coalesce(try_cast(regexp_extract(json_extract_string(properties, '$.count'), '^-?[0-9]+$') as bigint), 1)
        )
        else 1
    end;

-- Users that events may name: those who count, and the excluded ones, who need not be users at all.
create temp table known_users as
select user_id, user_key, created_at, false as is_excluded from users
union all
select distinct user_id, null::integer, null::timestamp, true
from read_csv(getvariable('definitions_dir') || '/excluded_users.csv', header = true, all_varchar = true)
where user_id <> '';

create temp table events as
select
    u.user_key,
    e."timestamp" as happened_at,
    coalesce(list_position(getvariable('event_names'), e.event_name), 0) as event_code,
    case when e.event_name = 'invite_sent' then invitations_in(e.properties) end as invitation_count,
    -- Most rows pass: that is asked first.
    case
        when e."timestamp" >= u.created_at and e."timestamp" <= getvariable('credible_until') and e.event_name <> '' then null
        when coalesce(e.user_id, '') = '' or coalesce(e.event_name, '') = '' or e."timestamp" is null then 'missing_key'
        when e."timestamp" > getvariable('credible_until') then 'future_event'
        when u.is_excluded then 'excluded_user'
        when u.user_id is null then 'unknown_user'
        when e."timestamp" < u.created_at - interval 1 hour and e."timestamp" <> u.created_at::date then 'before_signup'
    end as rule_name,
    case
        when r.id_hash is not null or e.event_id is null or e.event_id = ''
            then struct_pack(
                event_id := nullif(e.event_id, ''), event_name := e.event_name, properties := nullif(e.properties, '')
            )
    end as event_text
from read_parquet(getvariable('raw_dir') || '/events/*.parquet') as e
left join known_users as u on e.user_id = u.user_id
left join repeated_hashes as r on hash(e.event_id) = r.id_hash;

-- # duplicates
-- user_key has the order of user_id.
create temp table duplicates as
select rowid as event_row
from events
where event_text is not null and rule_name is null
qualify row_number() over (
    partition by
        event_text.event_id,
        user_key,
        event_text.event_name,
        case when event_text.event_id is null then (happened_at, event_text.properties) end
    order by happened_at, event_text.properties
) > 1;

update events set rule_name = 'duplicate_event' where rowid in (select event_row from duplicates);

-- An event a little before the signup counts at the signup.
update events set happened_at = u.created_at
from users as u
where events.user_key = u.user_key and events.rule_name is null and events.happened_at < u.created_at;

-- # data_quality_by_rule
create table marts.data_quality_by_rule as
with
rules as (
    select 'users' as table_name, unnest([
        'unreadable_row', 'missing_key', 'future_event', 'duplicate_user', 'excluded_user'
    ]) as rule_name
    union all
    select 'events', unnest([
        'unreadable_row', 'missing_key', 'future_event', 'excluded_user', 'unknown_user', 'before_signup', 'duplicate_event'
    ])
),
removed as (
    select 'events' as table_name, rule_name, happened_at as seen_at from events where rule_name is not null
    union all
    select 'users', rule_name, created_at from users_judged where rule_name is not null
),
sizes as (
    select 'events' as table_name, count(*) as row_count from events
    union all
    select 'users', count(*) from users_judged
)
select
    rules.table_name,
    rules.rule_name,
    count(removed.rule_name) as row_count,
    count(removed.rule_name) / nullif(any_value(sizes.row_count), 0) as row_rate,
    min(removed.seen_at) as first_seen_at,
    max(removed.seen_at) as last_seen_at
from rules
inner join sizes on rules.table_name = sizes.table_name
left join removed on rules.table_name = removed.table_name and rules.rule_name = removed.rule_name
group by rules.table_name, rules.rule_name;

set variable observed_until_at = (
    select greatest(
        (select max(happened_at) from events where rule_name is null),
        (select max(created_at) from users)
    )
);
-- Dates before this day, and weeks that end by it, are over.
set variable observed_day = (select (getvariable('observed_until_at')::date - getvariable('day_zero'))::integer);

-- # user-days
-- One row per user and active day. With its neighbours, every count over a window is a plain sum.
create temp table user_days as
with
active as (
    select distinct user_key * 65536::bigint + (happened_at::date - getvariable('day_zero')) as user_day
    from events
    where rule_name is null and event_code not between 1 and getvariable('meaningless_event_count')
),
neighbours as (
    select
        user_day,
        lag(user_day) over (order by user_day) as previous_user_day,
        lead(user_day) over (order by user_day) as next_user_day
    from active
)
select
    (user_day >> 16)::integer as user_key,
    (user_day & 65535)::integer as day,
    case when previous_user_day >> 16 = user_day >> 16 then previous_user_day & 65535 end::integer as previous_day,
    case when next_user_day >> 16 = user_day >> 16 then next_user_day & 65535 end::integer as next_day
from neighbours;

-- # milestones and activation
-- Everything that scores and milestones need to know about a user's named events.
create temp table user_events as
select
    user_key,
    event_code,
    count(*) as occurrence_count,
    min(happened_at) as first_at,
    max(happened_at) as last_at
from events
where event_code > 0 and rule_name is null
group by user_key, event_code;

create temp table user_milestones as
with
reached_at_first as (
    select e.user_key, m.milestone_id, e.first_at as reached_at
    from milestones as m
    inner join named_events as n on m.triggered_by_event = n.event_name
    inner join user_events as e on n.event_code = e.event_code
    where m.min_count <= 1
),
reached_later as (
    select e.user_key, m.milestone_id, m.min_count, min(e.happened_at, m.min_count) as earliest
    from milestones as m
    inner join named_events as n on m.triggered_by_event = n.event_name
    inner join events as e on n.event_code = e.event_code
    where m.min_count > 1 and e.rule_name is null
    group by e.user_key, m.milestone_id, m.min_count
),
reached as (
    select user_key, milestone_id, reached_at from reached_at_first
    union all
    select user_key, milestone_id, earliest[min_count] from reached_later where len(earliest) = min_count
)
select
    r.user_key,
    r.milestone_id,
    r.reached_at,
    r.reached_at < u.created_at + m.timeframe as is_completed
from reached as r
inner join milestones as m on r.milestone_id = m.milestone_id
inner join users as u on r.user_key = u.user_key;

-- One row per user: what the cohort marts ask about.
create temp table user_outcomes as
with
required as (
    select path, count(*) as required_count from milestones where is_required group by path
),
paths_completed as (
    select um.user_key, m.path, max(um.reached_at) as completed_at
    from user_milestones as um
    inner join milestones as m on um.milestone_id = m.milestone_id
    inner join required as r on m.path = r.path
    where m.is_required and um.is_completed
    group by um.user_key, m.path
    having count(*) = max(r.required_count)
),
activations as (
    select user_key, min(completed_at) as activated_at from paths_completed group by user_key
),
first_values as (
    select um.user_key, min(um.reached_at) as first_value_at
    from user_milestones as um
    inner join milestones as m on um.milestone_id = m.milestone_id
    where m.is_first_value
    group by um.user_key
)
select
    u.user_key,
    u.created_at,
    u.signup_day,
    u.combo,
    a.activated_at,
    (a.activated_at::date - getvariable('day_zero'))::integer as activation_day,
    f.first_value_at
from users as u
left join activations as a on u.user_key = a.user_key
left join first_values as f on u.user_key = f.user_key;

set variable activation_window = (
    select coalesce(max(timeframe) filter (is_required), interval 0 second) from milestones
);

-- # cohorts
-- cohort_key: users of the same signup (or activation) week and month, and of the same combo.
create temp table cohort_keys as
with
days as (
    select signup_day as day, combo from user_outcomes
    union
    select activation_day, combo from user_outcomes where activated_at is not null
)
select
    day,
    combo,
    dense_rank() over (order by day // 7, date_trunc('month', getvariable('day_zero') + day), combo)::integer as cohort_key
from days;

-- The rows of the cohort marts (3 grains x 4 segment types) and which cohort keys each is the sum of. What has
-- many rows is summed in two steps: over the segments first (segment_parts), then over the grains (grain_parts).
create temp table segment_parts as
with
keys as (
    select distinct
        cohort_key,
        combo,
        (getvariable('day_zero') + day // 7 * 7)::date as week_date,
        date_trunc('month', getvariable('day_zero') + day)::date as month_date
    from cohort_keys
)
select
    k.cohort_key,
    k.week_date,
    k.month_date,
    s.segment,
    dense_rank() over (order by k.week_date, k.month_date, s.segment)::integer as period_segment
from keys as k
inner join segments as s on k.combo = s.combo;

create temp table grain_parts as
with
period_segments as (
    select distinct period_segment, week_date, month_date, segment from segment_parts
),
grains as (
    select period_segment, segment, 'week' as cohort_grain, week_date as cohort_date from period_segments
    union all
    select period_segment, segment, 'month', month_date from period_segments
    union all
    select period_segment, segment, 'all', getvariable('first_signup_date') from period_segments
)
select *, dense_rank() over (order by cohort_grain, cohort_date, segment)::integer as cohort_row
from grains;

create temp table cohort_parts as
select s.cohort_key, g.cohort_row
from segment_parts as s
inner join grain_parts as g on s.period_segment = g.period_segment;

create temp table cohort_rows as
select distinct g.cohort_row, g.cohort_grain, g.cohort_date, s.segment_type, s.segment_value
from grain_parts as g
inner join segments as s on g.segment = s.segment;

create temp table cohort_members as
select
    o.*,
    s.cohort_key as signup_key,
    a.cohort_key as activation_key
from user_outcomes as o
inner join cohort_keys as s on o.signup_day = s.day and o.combo = s.combo
left join cohort_keys as a on o.activation_day = a.day and o.combo = a.combo;

create macro wilson(successes, trials, side) as
    case
        when trials > 0 then least(1, greatest(0,
            (
                successes / trials + 1.959963984540054::double ^ 2 / (2 * trials)
                + side * 1.959963984540054::double
                    * sqrt((successes / trials * (1 - successes / trials) + 1.959963984540054::double ^ 2 / (4 * trials)) / trials)
            ) / (1 + 1.959963984540054::double ^ 2 / trials)
        ))
    end;

create macro seconds_between(started_at, ended_at) as
    (epoch_us(ended_at) - epoch_us(started_at)) / 1000000.0::double;

-- # activation_by_cohort
create table marts.activation_by_cohort as
with
windows as (
    select unnest([1, 7, 14, 30]) as window_days
),
counts as (
    select
        m.signup_key as cohort_key,
        w.window_days,
        count(*) as signup_count,
        count(*) filter (m.created_at + to_days(w.window_days) <= getvariable('observed_until_at')) as eligible_user_count,
        count(*) filter (
            m.created_at + to_days(w.window_days) <= getvariable('observed_until_at')
            and m.activated_at < m.created_at + to_days(w.window_days)
        ) as activated_user_count
    from cohort_members as m
    cross join windows as w
    group by m.signup_key, w.window_days
),
totals as (
    select
        p.cohort_row,
        c.window_days,
        sum(c.signup_count)::bigint as signup_count,
        sum(c.eligible_user_count)::bigint as eligible_user_count,
        sum(c.activated_user_count)::bigint as activated_user_count
    from counts as c
    inner join cohort_parts as p on c.cohort_key = p.cohort_key
    group by p.cohort_row, c.window_days
)
select
    r.* exclude (cohort_row),
    t.* exclude (cohort_row),
    t.activated_user_count / nullif(t.eligible_user_count, 0) as activation_rate,
    wilson(t.activated_user_count, t.eligible_user_count, -1) as activation_rate_ci_lower,
    wilson(t.activated_user_count, t.eligible_user_count, 1) as activation_rate_ci_upper
from totals as t
inner join cohort_rows as r on t.cohort_row = r.cohort_row;

-- # milestone_completion_by_cohort
create table marts.milestone_completion_by_cohort as
with
steps as (
    select
        milestone_id,
        milestone_order,
        timeframe,
        lag(milestone_id) over path_order as previous_milestone_id,
        greatest(timeframe, lag(timeframe) over path_order) as longer_timeframe
    from milestones
    window path_order as (partition by path order by milestone_order)
),
counts as (
    select
        m.signup_key as cohort_key,
        s.milestone_id,
        count(*) filter (m.created_at + s.timeframe <= getvariable('observed_until_at')) as eligible_user_count,
        count(*) filter (
            m.created_at + s.timeframe <= getvariable('observed_until_at') and this.is_completed
        ) as completed_user_count,
        count(*) filter (
            m.created_at + s.longer_timeframe <= getvariable('observed_until_at') and previous.is_completed
        ) as previous_completed_user_count,
        count(*) filter (
            m.created_at + s.longer_timeframe <= getvariable('observed_until_at')
            and previous.is_completed and this.is_completed
        ) as completed_both_user_count
    from cohort_members as m
    cross join steps as s
    left join user_milestones as this
        on m.user_key = this.user_key and s.milestone_id = this.milestone_id
    left join user_milestones as previous
        on m.user_key = previous.user_key and s.previous_milestone_id = previous.milestone_id
    group by m.signup_key, s.milestone_id
),
totals as (
    select
        p.cohort_row,
        c.milestone_id,
        sum(c.eligible_user_count)::bigint as eligible_user_count,
        sum(c.completed_user_count)::bigint as completed_user_count,
        sum(c.previous_completed_user_count)::bigint as previous_completed_user_count,
        sum(c.completed_both_user_count)::bigint as completed_both_user_count
    from counts as c
    inner join cohort_parts as p on c.cohort_key = p.cohort_key
    group by p.cohort_row, c.milestone_id
)
select
    r.* exclude (cohort_row),
    t.milestone_id,
    s.milestone_order,
    t.eligible_user_count,
    t.completed_user_count,
    t.completed_user_count / nullif(t.eligible_user_count, 0) as completion_rate,
    wilson(t.completed_user_count, t.eligible_user_count, -1) as completion_rate_ci_lower,
    wilson(t.completed_user_count, t.eligible_user_count, 1) as completion_rate_ci_upper,
    if(s.previous_milestone_id is null, null, t.previous_completed_user_count) as previous_completed_user_count,
    if(s.previous_milestone_id is null, null, t.completed_both_user_count) as completed_both_user_count,
    if(s.previous_milestone_id is null, null, t.completed_both_user_count / nullif(t.previous_completed_user_count, 0))
        as conversion_from_previous_rate
from totals as t
inner join cohort_rows as r on t.cohort_row = r.cohort_row
inner join steps as s on t.milestone_id = s.milestone_id;

-- # time to first value
create temp table first_value_durations as
select
    signup_key as cohort_key,
    combo,
    first_value_at is not null as is_event,
    ((epoch_us(coalesce(first_value_at, getvariable('observed_until_at'))) - epoch_us(created_at)) // 86400000000)::integer
        as day_number,
    count(*) as user_count
from cohort_members
group by all;

-- # time_to_first_value_by_cohort
create table marts.time_to_first_value_by_cohort as
with
counts as (
    select
        signup_key as cohort_key,
        count(*) as signup_count,
        count(*) filter (created_at + to_days(30) <= getvariable('observed_until_at')) as eligible_user_count
    from cohort_members
    group by signup_key
),
totals as (
    select
        p.cohort_row,
        sum(c.signup_count)::bigint as signup_count,
        sum(c.eligible_user_count)::bigint as eligible_user_count
    from counts as c
    inner join cohort_parts as p on c.cohort_key = p.cohort_key
    group by p.cohort_row
),
reached as (
    select signup_key as cohort_key, seconds_between(created_at, first_value_at) as seconds
    from cohort_members
    where created_at + to_days(30) <= getvariable('observed_until_at') and first_value_at < created_at + to_days(30)
),
durations as (
    select
        p.cohort_row,
        count(*) as reached_user_count,
        avg(r.seconds) as mean_seconds,
        quantile_cont(r.seconds, [0.5, 0.75, 0.9]) as quantiles
    from reached as r
    inner join cohort_parts as p on r.cohort_key = p.cohort_key
    group by p.cohort_row
),
elapsed_days as (
    select
        p.cohort_row,
        d.day_number,
        sum(d.user_count) filter (d.is_event) as event_count,
        sum(d.user_count) as leaving_count
    from first_value_durations as d
    inner join cohort_parts as p on d.cohort_key = p.cohort_key
    group by p.cohort_row, d.day_number
),
at_risk as (
    select
        cohort_row,
        day_number,
        event_count,
        sum(leaving_count) over (partition by cohort_row order by day_number desc) as at_risk_count
    from elapsed_days
),
survival as (
    select
        cohort_row,
        day_number,
        product((at_risk_count - event_count) / at_risk_count) over (
            partition by cohort_row order by day_number
        ) as survival_probability
    from at_risk
    where event_count > 0
),
medians as (
    select cohort_row, min(day_number)::double as km_median
    from survival
    where survival_probability <= 0.5 + 1e-12
    group by cohort_row
)
select
    r.* exclude (cohort_row),
    t.signup_count,
    t.eligible_user_count,
    coalesce(d.reached_user_count, 0) as reached_user_count,
    coalesce(d.reached_user_count, 0) / nullif(t.eligible_user_count, 0) as reached_rate,
    wilson(coalesce(d.reached_user_count, 0), t.eligible_user_count, -1) as reached_rate_ci_lower,
    wilson(coalesce(d.reached_user_count, 0), t.eligible_user_count, 1) as reached_rate_ci_upper,
    d.mean_seconds as mean_time_to_first_value_seconds,
    d.quantiles[1] as median_time_to_first_value_seconds,
    d.quantiles[2] as p75_time_to_first_value_seconds,
    d.quantiles[3] as p90_time_to_first_value_seconds,
    k.km_median as km_median_time_to_first_value_days
from totals as t
inner join cohort_rows as r on t.cohort_row = r.cohort_row
left join durations as d on t.cohort_row = d.cohort_row
left join medians as k on t.cohort_row = k.cohort_row;

-- # time_to_first_value_curve
create table marts.time_to_first_value_curve as
with
elapsed_days as (
    select
        s.segment,
        least(d.day_number, 91) as day_number,
        sum(d.user_count) filter (d.is_event) as event_count,
        sum(d.user_count) filter (not d.is_event) as censored_count
    from first_value_durations as d
    inner join segments as s on d.combo = s.combo
    group by s.segment, least(d.day_number, 91)
),
grid as (
    select s.segment, s.segment_type, s.segment_value, d.day_number
    from (select distinct segment, segment_type, segment_value from segments) as s
    cross join (select unnest(range(92))::integer as day_number) as d
),
counts as (
    select
        g.segment_type,
        g.segment_value,
        g.day_number,
        coalesce(e.event_count, 0)::bigint as event_count,
        coalesce(e.censored_count, 0)::bigint as censored_count,
        sum(coalesce(e.event_count, 0) + coalesce(e.censored_count, 0)) over (
            partition by g.segment order by g.day_number desc
        )::bigint as at_risk_count
    from grid as g
    left join elapsed_days as e on g.segment = e.segment and g.day_number = e.day_number
),
survival as (
    select
        *,
        product(case when event_count > 0 then (at_risk_count - event_count) / at_risk_count else 1 end)
            over so_far as survival_probability,
        -- Where everybody at risk gets there, survival is 0 and the sum of no use.
        sqrt(sum(
            case when event_count between 1 and at_risk_count - 1
                then event_count / (at_risk_count::double * (at_risk_count - event_count)) else 0 end
        ) over so_far) as standard_error
    from counts
    window so_far as (partition by segment_type, segment_value order by day_number)
)
select
    segment_type,
    segment_value,
    day_number,
    at_risk_count,
    event_count,
    censored_count,
    survival_probability,
    case
        when survival_probability in (0, 1) then survival_probability
        else survival_probability ^ exp(1.959963984540054 * standard_error / abs(ln(survival_probability)))
    end as survival_ci_lower,
    case
        when survival_probability in (0, 1) then survival_probability
        else survival_probability ^ exp(-1.959963984540054 * standard_error / abs(ln(survival_probability)))
    end as survival_ci_upper,
    event_count / nullif(at_risk_count, 0) as hazard_rate
from survival
where day_number <= 90;

-- # milestone_velocity_by_cohort
create table marts.milestone_velocity_by_cohort as
with
steps as (
    select
        path,
        milestone_id as from_milestone_id,
        lead(milestone_id) over (partition by path order by milestone_order) as to_milestone_id
    from milestones
    qualify to_milestone_id is not null
),
transitions as (
    select
        m.signup_key as cohort_key,
        s.to_milestone_id,
        came_to.reached_at < came_from.reached_at as is_out_of_order,
        case
            when came_to.reached_at >= came_from.reached_at and came_to.reached_at < came_from.reached_at + to_days(30)
                then seconds_between(came_from.reached_at, came_to.reached_at)
        end as seconds
    from steps as s
    inner join user_milestones as came_from on s.from_milestone_id = came_from.milestone_id
    inner join cohort_members as m on came_from.user_key = m.user_key
    left join user_milestones as came_to
        on came_from.user_key = came_to.user_key and s.to_milestone_id = came_to.milestone_id
    where came_from.reached_at + to_days(30) <= getvariable('observed_until_at')
),
counts as (
    select
        cohort_key,
        to_milestone_id,
        count(*) as eligible_user_count,
        count(*) filter (is_out_of_order) as out_of_order_user_count
    from transitions
    group by cohort_key, to_milestone_id
),
totals as (
    select
        p.cohort_row,
        c.to_milestone_id,
        sum(c.eligible_user_count)::bigint as eligible_user_count,
        sum(c.out_of_order_user_count)::bigint as out_of_order_user_count
    from counts as c
    inner join cohort_parts as p on c.cohort_key = p.cohort_key
    group by p.cohort_row, c.to_milestone_id
),
durations as (
    select
        p.cohort_row,
        t.to_milestone_id,
        count(*) as progressed_user_count,
        avg(t.seconds) as mean_seconds,
        quantile_cont(t.seconds, [0.5, 0.75]) as quantiles
    from transitions as t
    inner join cohort_parts as p on t.cohort_key = p.cohort_key
    where t.seconds is not null
    group by p.cohort_row, t.to_milestone_id
),
signup_rows as (
    select distinct p.cohort_row
    from cohort_parts as p
    where p.cohort_key in (select signup_key from cohort_members)
)
select
    r.* exclude (cohort_row),
    s.path,
    s.from_milestone_id,
    s.to_milestone_id,
    coalesce(t.eligible_user_count, 0) as eligible_user_count,
    coalesce(d.progressed_user_count, 0) as progressed_user_count,
    coalesce(d.progressed_user_count, 0) / nullif(t.eligible_user_count, 0) as progression_rate,
    coalesce(t.out_of_order_user_count, 0) as out_of_order_user_count,
    d.mean_seconds,
    d.quantiles[1] as median_seconds,
    d.quantiles[2] as p75_seconds
from signup_rows
inner join cohort_rows as r on signup_rows.cohort_row = r.cohort_row
cross join steps as s
left join totals as t on r.cohort_row = t.cohort_row and s.to_milestone_id = t.to_milestone_id
left join durations as d on r.cohort_row = d.cohort_row and s.to_milestone_id = d.to_milestone_id;

-- # retention_by_cohort
create table marts.retention_by_cohort as
with
anchors as (
    select 'signup' as cohort_anchor, user_key, signup_key as cohort_key, signup_day as anchor_day
    from cohort_members
    union all
    select 'activation', user_key, activation_key, activation_day
    from cohort_members
    where activated_at is not null
),
-- Active on day n, and whether that is the first active day of its (fully observed) week n // 7.
returns as (
    select
        a.cohort_anchor,
        a.cohort_key,
        d.day - a.anchor_day as days_since,
        count(*) as active_count,
        count(*) filter (
            coalesce(d.previous_day < a.anchor_day + (d.day - a.anchor_day) // 7 * 7, true)
            and a.anchor_day + (d.day - a.anchor_day) // 7 * 7 + 7 <= getvariable('observed_day')
        ) as first_in_week_count
    from user_days as d
    inner join anchors as a on d.user_key = a.user_key
    where d.day between a.anchor_day and a.anchor_day + 90 and d.day < getvariable('observed_day')
    group by a.cohort_anchor, a.cohort_key, d.day - a.anchor_day
),
retained_by_key as (
    select cohort_anchor, cohort_key, 'day' as period_grain, days_since as period_number, active_count as retained_count
    from returns
    where days_since <= 30
    union all
    select cohort_anchor, cohort_key, 'week', days_since // 7, sum(first_in_week_count)::bigint
    from returns
    group by cohort_anchor, cohort_key, days_since // 7
),
retained_by_segment as (
    select p.period_segment, k.cohort_anchor, k.period_grain, k.period_number, sum(k.retained_count) as retained_count
    from retained_by_key as k
    inner join segment_parts as p on k.cohort_key = p.cohort_key
    group by p.period_segment, k.cohort_anchor, k.period_grain, k.period_number
),
retained as (
    select
        p.cohort_row, k.cohort_anchor, k.period_grain, k.period_number,
        sum(k.retained_count)::bigint as retained_user_count
    from retained_by_segment as k
    inner join grain_parts as p on k.period_segment = p.period_segment
    group by p.cohort_row, k.cohort_anchor, k.period_grain, k.period_number
),
periods as (
    select 'day' as period_grain, unnest(range(31))::integer as period_number, period_number + 1 as ends_after_days
    union all
    select 'week', unnest(range(13))::integer as period_number, period_number * 7 + 7
),
-- All but the youngest anchors are eligible for everything.
anchor_days as (
    select cohort_anchor, cohort_key, greatest(anchor_day, getvariable('observed_day') - 92) as anchor_day, count(*) as user_count
    from anchors
    group by all
),
cohort_sizes as (
    select p.cohort_row, d.cohort_anchor, d.anchor_day, sum(d.user_count) as user_count
    from anchor_days as d
    inner join cohort_parts as p on d.cohort_key = p.cohort_key
    group by p.cohort_row, d.cohort_anchor, d.anchor_day
),
eligible as (
    select
        s.cohort_row,
        s.cohort_anchor,
        p.period_grain,
        p.period_number,
        sum(s.user_count)::bigint as cohort_user_count,
        coalesce(
            sum(s.user_count) filter (s.anchor_day + p.ends_after_days <= getvariable('observed_day')), 0
        )::bigint as eligible_user_count
    from cohort_sizes as s
    cross join periods as p
    group by s.cohort_row, s.cohort_anchor, p.period_grain, p.period_number
)
select
    r.* exclude (cohort_row),
    e.cohort_anchor,
    e.period_grain,
    e.period_number,
    e.cohort_user_count,
    e.eligible_user_count,
    coalesce(t.retained_user_count, 0) as retained_user_count,
    coalesce(t.retained_user_count, 0) / nullif(e.eligible_user_count, 0) as retention_rate,
    wilson(coalesce(t.retained_user_count, 0), e.eligible_user_count, -1) as retention_rate_ci_lower,
    wilson(coalesce(t.retained_user_count, 0), e.eligible_user_count, 1) as retention_rate_ci_upper
from eligible as e
inner join cohort_rows as r on e.cohort_row = r.cohort_row
left join retained as t
    on e.cohort_row = t.cohort_row and e.cohort_anchor = t.cohort_anchor
    and e.period_grain = t.period_grain and e.period_number = t.period_number;

-- # active_users_by_day
create table marts.active_users_by_day as
with
-- A user-day adds one to each count, and takes it back when its window ends or the next user-day takes over.
changes as (
    select u.combo, d.day, count(*) as dau, count(*) as wau_change, count(*) as mau_change
    from user_days as d inner join users as u on d.user_key = u.user_key
    group by u.combo, d.day
    union all
    select u.combo, least(d.day + 7, d.next_day) as day, 0, -count(*), 0
    from user_days as d inner join users as u on d.user_key = u.user_key
    group by u.combo, least(d.day + 7, d.next_day)
    union all
    select u.combo, least(d.day + 30, d.next_day) as day, 0, 0, -count(*)
    from user_days as d inner join users as u on d.user_key = u.user_key
    group by u.combo, least(d.day + 30, d.next_day)
),
by_segment as (
    select s.segment, c.day, sum(c.dau) as dau, sum(c.wau_change) as wau_change, sum(c.mau_change) as mau_change
    from changes as c
    inner join segments as s on c.combo = s.combo
    group by s.segment, c.day
),
grid as (
    select s.segment, s.segment_type, s.segment_value, d.day
    from (select distinct segment, segment_type, segment_value from segments) as s
    cross join (
        select unnest(range(getvariable('first_signup_date') - getvariable('day_zero'), getvariable('observed_day')))::integer as day
    ) as d
),
active as (
    select
        getvariable('day_zero') + g.day as activity_date,
        g.segment_type,
        g.segment_value,
        coalesce(b.dau, 0)::bigint as dau,
        coalesce(sum(b.wau_change) over so_far, 0)::bigint as wau,
        coalesce(sum(b.mau_change) over so_far, 0)::bigint as mau
    from grid as g
    left join by_segment as b on g.segment = b.segment and g.day = b.day
    window so_far as (partition by g.segment order by g.day)
)
select *, dau / nullif(mau, 0) as stickiness_rate from active;

-- # growth_accounting_by_week
create table marts.growth_accounting_by_week as
with
-- The first active day of a week tells how the user came, the last one whether the user stayed.
changes as (
    select
        u.combo,
        d.day // 7 as week,
        count(*) filter (d.previous_day is null) as new_user_count,
        count(*) filter (d.previous_day // 7 = d.day // 7 - 1) as retained_user_count,
        count(*) filter (d.previous_day // 7 < d.day // 7 - 1) as resurrected_user_count,
        count(*) filter (d.next_day is null or d.next_day // 7 > d.day // 7 + 1) as left_user_count
    from user_days as d
    inner join users as u on d.user_key = u.user_key
    group by u.combo, d.day // 7
),
by_segment as (
    select
        s.segment,
        c.week,
        sum(c.new_user_count)::bigint as new_user_count,
        sum(c.retained_user_count)::bigint as retained_user_count,
        sum(c.resurrected_user_count)::bigint as resurrected_user_count,
        sum(c.left_user_count)::bigint as left_user_count
    from changes as c
    inner join segments as s on c.combo = s.combo
    group by s.segment, c.week
),
grid as (
    select s.segment, s.segment_type, s.segment_value, w.week
    from (select distinct segment, segment_type, segment_value from segments) as s
    cross join (select unnest(range(getvariable('observed_day') // 7))::integer as week) as w
)
select
    getvariable('day_zero') + g.week * 7 as week_start_date,
    g.segment_type,
    g.segment_value,
    coalesce(b.new_user_count, 0) as new_user_count,
    coalesce(b.retained_user_count, 0) as retained_user_count,
    coalesce(b.resurrected_user_count, 0) as resurrected_user_count,
    coalesce(before.left_user_count, 0) as churned_user_count,
    coalesce(b.new_user_count + b.retained_user_count + b.resurrected_user_count, 0) as active_user_count
from grid as g
left join by_segment as b on g.segment = b.segment and g.week = b.week
left join by_segment as before on g.segment = before.segment and g.week = before.week + 1;

-- # viral_coefficient_by_cohort
create table marts.viral_coefficient_by_cohort as
with
members as (
    select
        u.user_key,
        u.user_id,
        u.created_at,
        m.signup_key as cohort_key,
        u.created_at + to_days(30) + getvariable('activation_window') <= getvariable('observed_until_at') as is_fully_observed
    from cohort_members as m
    inner join users as u on m.user_key = u.user_key
    where u.created_at + to_days(30) <= getvariable('observed_until_at')
),
inviters as (
    select e.user_key, sum(e.invitation_count) as invitation_count
    from events as e
    inner join members as m on e.user_key = m.user_key
    where e.invitation_count is not null and e.rule_name is null and e.happened_at < m.created_at + to_days(30)
    group by e.user_key
),
member_counts as (
    select
        m.cohort_key,
        count(*) as cohort_user_count,
        sum(i.invitation_count) as invitation_count,
        count(i.user_key) as inviting_user_count,
        count(*) filter (m.is_fully_observed) as fully_observed_user_count
    from members as m
    left join inviters as i on m.user_key = i.user_key
    group by m.cohort_key
),
totals as (
    select
        p.cohort_row,
        sum(c.cohort_user_count)::bigint as cohort_user_count,
        coalesce(sum(c.invitation_count), 0)::bigint as invitation_count,
        sum(c.inviting_user_count)::bigint as inviting_user_count,
        sum(c.fully_observed_user_count)::bigint as fully_observed_user_count
    from member_counts as c
    inner join cohort_parts as p on c.cohort_key = p.cohort_key
    group by p.cohort_row
),
invited_signups as (
    select
        m.cohort_key,
        seconds_between(m.created_at, u.created_at) as cycle_seconds,
        m.is_fully_observed and o.activated_at is not null as is_counted_activation
    from users as u
    inner join members as m on u.invited_by = m.user_id and u.user_id <> m.user_id
    inner join user_outcomes as o on u.user_key = o.user_key
    where u.created_at >= m.created_at and u.created_at < m.created_at + to_days(30)
),
signup_totals as (
    select
        p.cohort_row,
        count(*) as invited_signup_count,
        median(s.cycle_seconds) as median_viral_cycle_seconds,
        count(*) filter (s.is_counted_activation) as invited_activated_count
    from invited_signups as s
    inner join cohort_parts as p on s.cohort_key = p.cohort_key
    group by p.cohort_row
),
signup_rows as (
    select distinct p.cohort_row
    from cohort_parts as p
    where p.cohort_key in (select signup_key from cohort_members)
),
counts as (
    select
        r.* exclude (cohort_row),
        coalesce(t.cohort_user_count, 0) as cohort_user_count,
        coalesce(t.invitation_count, 0) as invitation_count,
        coalesce(t.inviting_user_count, 0) as inviting_user_count,
        coalesce(s.invited_signup_count, 0) as invited_signup_count,
        s.median_viral_cycle_seconds,
        coalesce(t.fully_observed_user_count, 0) as fully_observed_user_count,
        coalesce(s.invited_activated_count, 0) as invited_activated_count
    from signup_rows
    inner join cohort_rows as r on signup_rows.cohort_row = r.cohort_row
    left join totals as t on r.cohort_row = t.cohort_row
    left join signup_totals as s on r.cohort_row = s.cohort_row
)
select
    cohort_grain,
    cohort_date,
    segment_type,
    segment_value,
    cohort_user_count,
    invitation_count,
    inviting_user_count,
    invited_signup_count,
    invitation_count / nullif(cohort_user_count, 0) as invitations_per_user,
    invited_signup_count / nullif(invitation_count, 0) as invitation_conversion_rate,
    invited_signup_count / nullif(cohort_user_count, 0) as k_factor,
    median_viral_cycle_seconds,
    fully_observed_user_count,
    invited_activated_count,
    invited_activated_count / nullif(fully_observed_user_count, 0) as activated_k_factor
from counts;

-- # pql_scores
create table marts.pql_scores as
with
running_scores as (
    select
        um.user_key,
        um.reached_at,
        sum(m.weight) over (partition by um.user_key order by um.reached_at) as score
    from user_milestones as um
    inner join milestones as m on um.milestone_id = m.milestone_id
    where um.is_completed
),
qualified_bound as (
    select min(lower_bound) as bound from pql_bands where scheme = 'milestone_share' and is_qualified
),
milestone_scores as (
    select
        s.user_key,
        max_by(s.score, s.reached_at) as milestone_score,
        min(s.reached_at) filter (s.score * 100 >= b.bound) as qualified_at
    from running_scores as s
    cross join qualified_bound as b
    group by s.user_key
),
behavior as (
    select
        e.user_key,
        sum(
            s.points * least(e.occurrence_count, s.max_count)
            * if(e.last_at < getvariable('observed_until_at') - to_days(7), 0.5, 1.0)
        ) as behavior_points
    from pql_signals as s
    inner join named_events as n on s.triggered_by_event = n.event_name
    inner join user_events as e on n.event_code = e.event_code
    group by e.user_key
),
fit as (
    select c.combo, sum(s.points) as fit_points
    from segment_combos as c
    inner join pql_signals as s
        on s.user_value = case s.user_column when 'plan_tier' then c.plan_tier when 'install_source' then c.install_source end
    group by c.combo
),
scores as (
    select
        u.user_id,
        u.account_id,
        u.created_at as signed_up_at,
        coalesce(m.milestone_score, 0)::decimal(18, 12) as milestone_score,
        if(q.bound = 0, u.created_at, m.qualified_at) as qualified_at,
        coalesce(b.behavior_points, 0)::decimal(18, 5) as behavior_points,
        coalesce(f.fit_points, 0)::decimal(18, 5) as fit_points
    from users as u
    cross join qualified_bound as q
    left join milestone_scores as m on u.user_key = m.user_key
    left join behavior as b on u.user_key = b.user_key
    left join fit as f on u.combo = f.combo
)
select
    s.user_id,
    s.account_id,
    s.signed_up_at,
    getvariable('observed_until_at') as scored_at,
    s.milestone_score,
    m.band as milestone_band,
    m.recommended_action as milestone_action,
    coalesce(m.is_qualified, false) as is_pql,
    s.qualified_at,
    (s.behavior_points + s.fit_points)::decimal(18, 5) as points_score,
    s.behavior_points,
    s.fit_points,
    p.band as points_band,
    p.recommended_action as points_action
from scores as s
-- Below 0, by negative points, is still the lowest band.
left join pql_bands as m
    on m.scheme = 'milestone_share' and greatest(s.milestone_score * 100, 0) >= m.lower_bound
    and (greatest(s.milestone_score * 100, 0) < m.next_lower_bound or m.next_lower_bound is null)
left join pql_bands as p
    on p.scheme = 'points' and greatest(s.behavior_points + s.fit_points, 0) >= p.lower_bound
    and (greatest(s.behavior_points + s.fit_points, 0) < p.next_lower_bound or p.next_lower_bound is null);

-- # pql_conversion_by_cohort
create table marts.pql_conversion_by_cohort as
with
longest as (
    select max(timeframe) as timeframe from milestones
),
counts as (
    select
        m.signup_key as cohort_key,
        count(*) filter (is_closed) as eligible_user_count,
        count(*) filter (is_closed and m.activated_at is not null) as activated_user_count,
        count(*) filter (is_closed and m.activated_at is not null and s.is_pql) as pql_user_count,
        count(*) filter (is_closed and m.activated_at is null and s.is_pql) as pql_without_activation_count
    from (
        select c.*, c.created_at + l.timeframe <= getvariable('observed_until_at') as is_closed
        from cohort_members as c cross join longest as l
    ) as m
    inner join users as u on m.user_key = u.user_key
    inner join marts.pql_scores as s on u.user_id = s.user_id
    group by m.signup_key
),
totals as (
    select
        p.cohort_row,
        sum(c.eligible_user_count)::bigint as eligible_user_count,
        sum(c.activated_user_count)::bigint as activated_user_count,
        sum(c.pql_user_count)::bigint as pql_user_count,
        sum(c.pql_without_activation_count)::bigint as pql_without_activation_count
    from counts as c
    inner join cohort_parts as p on c.cohort_key = p.cohort_key
    group by p.cohort_row
)
select
    r.* exclude (cohort_row),
    t.eligible_user_count,
    t.activated_user_count,
    t.pql_user_count,
    t.pql_user_count / nullif(t.activated_user_count, 0) as pql_conversion_rate,
    t.pql_without_activation_count
from totals as t
inner join cohort_rows as r on t.cohort_row = r.cohort_row;

-- # kpi_scorecard
create table marts.kpi_scorecard as
with
main_path as (
    select path from milestones order by milestone_order, milestone_id limit 1
),
steps as (
    select
        milestone_id as first_id,
        timeframe as first_timeframe,
        lead(milestone_id) over (order by milestone_order) as second_id,
        greatest(timeframe, lead(timeframe) over (order by milestone_order)) as longer_timeframe
    from milestones
    where path = (select path from main_path)
    order by milestone_order
    limit 1
),
week_values as (
    select 'activation_rate' as metric_id, cohort_date, activation_rate as value, to_days(30) as maturity
    from marts.activation_by_cohort
    where cohort_grain = 'week' and segment_type = 'all' and window_days = 30
    union all
    select 'time_to_first_value', cohort_date, median_time_to_first_value_seconds / 86400, to_days(30)
    from marts.time_to_first_value_by_cohort
    where cohort_grain = 'week' and segment_type = 'all'
    union all
    select 'milestone_completion_rate', m.cohort_date, m.completion_rate, s.first_timeframe
    from marts.milestone_completion_by_cohort as m
    inner join steps as s on m.milestone_id = s.first_id
    where m.cohort_grain = 'week' and m.segment_type = 'all'
    union all
    select 'milestone_velocity', v.cohort_date, v.median_seconds / 86400, s.first_timeframe + to_days(30)
    from marts.milestone_velocity_by_cohort as v
    inner join steps as s on v.from_milestone_id = s.first_id and v.to_milestone_id = s.second_id
    where v.cohort_grain = 'week' and v.segment_type = 'all'
    union all
    select 'milestone_cohort_conversion', m.cohort_date, m.conversion_from_previous_rate, s.longer_timeframe
    from marts.milestone_completion_by_cohort as m
    inner join steps as s on m.milestone_id = s.second_id
    where m.cohort_grain = 'week' and m.segment_type = 'all'
    union all
    select 'viral_coefficient', cohort_date, k_factor, to_days(30)
    from marts.viral_coefficient_by_cohort
    where cohort_grain = 'week' and segment_type = 'all'
    union all
    select 'retention_d7', cohort_date, retention_rate, to_days(8)
    from marts.retention_by_cohort
    where cohort_grain = 'week' and segment_type = 'all' and cohort_anchor = 'activation'
        and period_grain = 'day' and period_number = 7
    union all
    select 'pql_conversion_rate', c.cohort_date, c.pql_conversion_rate, (select max(timeframe) from milestones)
    from marts.pql_conversion_by_cohort as c
    where c.cohort_grain = 'week' and c.segment_type = 'all'
),
closed_weeks as (
    select metric_id, cohort_date as week_start_date, value
    from week_values
    where cohort_date + to_days(7) + maturity <= getvariable('observed_until_at')
),
targets as (
    select
        metric_id,
        metric_name,
        unit,
        coalesce(cast(is_higher_better as boolean), false) as is_higher_better,
        cast(target_value as double) as target_value,
        coalesce(cast(tolerance as double), 0) as tolerance
    from read_csv(getvariable('definitions_dir') || '/kpi_targets.csv', header = true, all_varchar = true)
),
benchmarks as (
    select metric_id, cast(low as double) as low, cast(high as double) as high
    from read_csv(getvariable('definitions_dir') || '/benchmarks.csv', header = true, all_varchar = true)
    where category = 'overall' and segment = 'all'
),
compared as (
    select
        w.metric_id,
        w.week_start_date,
        t.metric_name,
        t.unit,
        t.is_higher_better,
        t.tolerance,
        w.week_start_date = max(w.week_start_date) over (partition by w.metric_id) as is_latest,
        w.value as current_value,
        p.value as previous_value,
        w.value - p.value as week_over_week_change,
        t.target_value,
        b.low as benchmark_low,
        b.high as benchmark_high
    from closed_weeks as w
    left join closed_weeks as p on w.metric_id = p.metric_id and w.week_start_date = p.week_start_date + 7
    left join targets as t on w.metric_id = t.metric_id
    left join benchmarks as b on w.metric_id = b.metric_id
),
-- To 9 decimals, and signed so that more is better.
rounded as (
    select
        *,
        if(is_higher_better, 1, -1) * (round(current_value, 9) - round(target_value, 9)) as ahead,
        if(is_higher_better, 1, -1) * round(week_over_week_change, 9) as gain
    from compared
)
select
    metric_id,
    week_start_date,
    metric_name,
    unit,
    is_latest,
    current_value,
    previous_value,
    week_over_week_change,
    target_value,
    case
        when ahead is null then 'unknown'
        when ahead >= 0 then 'met'
        when gain is null then 'unknown'
        when abs(gain) <= round(tolerance, 9) then 'stable'
        when gain < 0 then 'needs_attention'
        when round(-round(ahead, 9) / gain, 9) <= 2 then 'on_track'
        else 'improving'
    end as status,
    benchmark_low,
    benchmark_high,
    case
        when current_value < benchmark_low then 'below'
        when current_value > benchmark_high then 'above'
        when current_value is not null and benchmark_low is not null and benchmark_high is not null then 'within'
    end as benchmark_position
from rounded;
