-- The usual shape: what most teams' dbt projects do, as one script. Staging views over the raw files, one wide
-- table of events (raw columns, parsed properties, user attributes), deduplicated by row_number; user-level tables
-- made from it; a long table of users x cohort grains x segments; and one select a mart.
--
-- Set by the runner: raw_dir, definitions_dir, credible_until (start of the run + 1 hour).

-- # definitions
create schema staging;
create schema intermediate;
create schema marts;

create table staging.milestones as
select
    milestone_id,
    coalesce(path, 'default') as path,
    cast(milestone_order as integer) as milestone_order,
    triggered_by_event,
    cast(weight as decimal(18, 12)) as weight,
    coalesce(cast(is_required as boolean), true) as is_required,
    coalesce(cast(is_first_value as boolean), false) as is_first_value,
    coalesce(cast(min_count as bigint), 1) as min_count,
    cast(regexp_extract(timeframe, '[0-9]+') as integer)
        * case right(trim(timeframe), 1)
            when 'h' then interval 1 hour
            when 'd' then interval 24 hour
            when 'w' then interval 168 hour
        end as timeframe
from read_csv(getvariable('definitions_dir') || '/milestones.csv', header = true, all_varchar = true);

create table staging.event_catalog as
select event_name, coalesce(cast(is_meaningful as boolean), false) as is_meaningful
from read_csv(getvariable('definitions_dir') || '/event_catalog.csv', header = true, all_varchar = true);

create table staging.excluded_users as
select user_id
from read_csv(getvariable('definitions_dir') || '/excluded_users.csv', header = true, all_varchar = true);

create table staging.pql_signals as
select
    signal_id,
    triggered_by_event,
    user_column,
    user_value,
    cast(points as decimal(18, 4)) as points,
    coalesce(cast(max_count as bigint), 1) as max_count
from read_csv(getvariable('definitions_dir') || '/pql_signals.csv', header = true, all_varchar = true);

create table staging.pql_bands as
select
    scheme,
    band,
    cast(lower_bound as decimal(18, 4)) as lower_bound,
    recommended_action,
    coalesce(cast(is_qualified as boolean), false) as is_qualified
from read_csv(getvariable('definitions_dir') || '/pql_bands.csv', header = true, all_varchar = true);

create table staging.kpi_targets as
select
    metric_id,
    metric_name,
    unit,
    coalesce(cast(is_higher_better as boolean), false) as is_higher_better,
    cast(target_value as double) as target_value,
    coalesce(cast(tolerance as double), 0) as tolerance
from read_csv(getvariable('definitions_dir') || '/kpi_targets.csv', header = true, all_varchar = true);

create table staging.benchmarks as
select metric_id, category, segment, cast(low as double) as low, cast(high as double) as high
from read_csv(getvariable('definitions_dir') || '/benchmarks.csv', header = true, all_varchar = true);

create macro wilson_lower(successes, trials) as
    case when trials > 0 then greatest(0, (
        successes / trials + pow(1.959963984540054, 2) / (2 * trials)
        - 1.959963984540054 * sqrt(
            (successes / trials * (1 - successes / trials) + pow(1.959963984540054, 2) / (4 * trials)) / trials
        )
    ) / (1 + pow(1.959963984540054, 2) / trials)) end;

create macro wilson_upper(successes, trials) as
    case when trials > 0 then least(1, (
        successes / trials + pow(1.959963984540054, 2) / (2 * trials)
        + 1.959963984540054 * sqrt(
            (successes / trials * (1 - successes / trials) + pow(1.959963984540054, 2) / (4 * trials)) / trials
        )
    ) / (1 + pow(1.959963984540054, 2) / trials)) end;

create macro seconds_between(started_at, ended_at) as
    date_diff('microsecond', started_at, ended_at) / 1000000.0::double;

-- # staging
create view staging.stg_users as
select
    nullif(user_id, '') as user_id,
    nullif(account_id, '') as account_id,
    created_at,
    nullif(plan_tier, '') as plan_tier,
    nullif(install_source, '') as install_source,
    nullif(invited_by, '') as invited_by
from read_parquet(getvariable('raw_dir') || '/users.parquet');

create view staging.stg_events as
select
    nullif(event_id, '') as event_id,
    nullif(user_id, '') as user_id,
    nullif(event_name, '') as event_name,
    "timestamp" as event_at,
    nullif(properties, '') as properties,
    try_cast(nullif(properties, '') as json) ->> '$.count' as property_count
from read_parquet(getvariable('raw_dir') || '/events/*.parquet');

-- # users
create table intermediate.int_users_checked as
with
checked as (
    select
        *,
        case
            when user_id is null or created_at is null then 'missing_key'
            when created_at > getvariable('credible_until') then 'future_event'
        end as invalid_by
    from staging.stg_users
),
numbered as (
    select
        *,
        row_number() over (
            partition by invalid_by, user_id
            order by created_at, account_id, plan_tier, install_source, invited_by
        ) as row_number
    from checked
)
select
    n.user_id,
    n.account_id,
    n.created_at,
    n.plan_tier,
    n.install_source,
    n.invited_by,
    case
        when n.invalid_by is not null then n.invalid_by
        when n.row_number > 1 then 'duplicate_user'
        when x.user_id is not null then 'excluded_user'
    end as removed_by
from numbered as n
left join staging.excluded_users as x on n.user_id = x.user_id;

create table intermediate.int_users as
select
    user_id,
    account_id,
    created_at,
    cast(created_at as date) as signup_date,
    plan_tier,
    install_source,
    invited_by,
    case when invited_by is not null and invited_by <> user_id then 'invited' else 'new' end as acquisition_type
from intermediate.int_users_checked
where removed_by is null;

-- # wide events
create table intermediate.int_events_checked as
with
joined as (
    select
        e.event_id,
        e.user_id,
        e.event_name,
        e.event_at,
        cast(e.event_at as date) as event_date,
        e.properties,
        e.property_count,
        coalesce(c.is_meaningful, true) as is_meaningful,
        u.account_id,
        u.created_at,
        u.signup_date,
        u.plan_tier,
        u.install_source,
        u.acquisition_type,
        case
            when e.user_id is null or e.event_name is null or e.event_at is null then 'missing_key'
            when e.event_at > getvariable('credible_until') then 'future_event'
            when x.user_id is not null then 'excluded_user'
            when u.user_id is null then 'unknown_user'
            when e.event_at < u.created_at - interval 1 hour and e.event_at <> u.signup_date then 'before_signup'
        end as invalid_by
    from staging.stg_events as e
    left join intermediate.int_users as u on e.user_id = u.user_id
    left join staging.excluded_users as x on e.user_id = x.user_id
    left join staging.event_catalog as c on e.event_name = c.event_name
),
numbered as (
    select
        *,
        row_number() over (
            partition by
                invalid_by,
                event_id,
                user_id,
                event_name,
                case when event_id is null then event_at end,
                case when event_id is null then properties end
            order by event_at, properties
        ) as row_number
    from joined
)
select
    * exclude (invalid_by, row_number),
    case
        when invalid_by is not null then invalid_by
        when row_number > 1 then 'duplicate_event'
    end as removed_by
from numbered;

create view intermediate.int_events as
select
    * exclude (removed_by) replace (
        greatest(event_at, created_at) as event_at,
        cast(greatest(event_at, created_at) as date) as event_date
    )
from intermediate.int_events_checked
where removed_by is null;

-- # observation
create table intermediate.int_observation as
select
    greatest((select max(event_at) from intermediate.int_events), max(created_at)) as observed_until_at,
    cast(greatest((select max(event_at) from intermediate.int_events), max(created_at)) as date) as observed_until_date,
    min(signup_date) as first_signup_date
from intermediate.int_users;

-- # user-level tables
create table intermediate.int_user_milestones as
with
milestone_events as (
    select
        e.user_id,
        e.created_at,
        e.event_at,
        m.milestone_id,
        m.path,
        m.weight,
        m.is_required,
        m.is_first_value,
        m.min_count,
        m.timeframe,
        row_number() over (partition by e.user_id, m.milestone_id order by e.event_at) as event_number
    from intermediate.int_events as e
    inner join staging.milestones as m on e.event_name = m.triggered_by_event
)
select
    user_id,
    milestone_id,
    path,
    weight,
    is_required,
    is_first_value,
    event_at as reached_at,
    event_at < created_at + timeframe as is_completed
from milestone_events
where event_number = min_count;

create table intermediate.int_user_activation as
with
required_milestones as (
    select path, count(*) as required_count
    from staging.milestones
    where is_required
    group by path
),
completed_paths as (
    select m.user_id, m.path, max(m.reached_at) as completed_at
    from intermediate.int_user_milestones as m
    inner join required_milestones as r on m.path = r.path
    where m.is_required and m.is_completed
    group by m.user_id, m.path, r.required_count
    having count(distinct m.milestone_id) = r.required_count
)
select user_id, min(completed_at) as activated_at
from completed_paths
group by user_id;

create table intermediate.int_user_first_value as
select user_id, min(reached_at) as first_value_at
from intermediate.int_user_milestones
where is_first_value
group by user_id;

create table intermediate.int_user_days as
select distinct user_id, event_date as activity_date
from intermediate.int_events
where is_meaningful;

create table intermediate.int_user_segments as
select user_id, 'all' as segment_type, 'all' as segment_value
from intermediate.int_users
union all
select user_id, 'acquisition_type', acquisition_type
from intermediate.int_users
union all
select user_id, 'install_source', coalesce(install_source, 'unknown')
from intermediate.int_users
union all
select user_id, 'plan_tier', coalesce(plan_tier, 'unknown')
from intermediate.int_users;

create table intermediate.int_user_cohorts as
with
anchors as (
    select user_id, 'signup' as cohort_anchor, created_at as anchor_at, signup_date as anchor_date
    from intermediate.int_users
    union all
    select user_id, 'activation', activated_at, cast(activated_at as date)
    from intermediate.int_user_activation
),
grains as (
    select *, 'week' as cohort_grain, cast(date_trunc('week', anchor_date) as date) as cohort_date
    from anchors
    union all
    select *, 'month', cast(date_trunc('month', anchor_date) as date)
    from anchors
    union all
    select anchors.*, 'all', o.first_signup_date
    from anchors
    cross join intermediate.int_observation as o
)
select
    g.user_id,
    g.cohort_anchor,
    g.anchor_at,
    g.anchor_date,
    g.cohort_grain,
    g.cohort_date,
    s.segment_type,
    s.segment_value
from grains as g
inner join intermediate.int_user_segments as s on g.user_id = s.user_id;

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
    select 'users' as table_name, removed_by, created_at as seen_at
    from intermediate.int_users_checked where removed_by is not null
    union all
    select 'events', removed_by, event_at
    from intermediate.int_events_checked where removed_by is not null
),
sizes as (
    select 'users' as table_name, count(*) as row_count from intermediate.int_users_checked
    union all
    select 'events', count(*) from intermediate.int_events_checked
)
select
    r.table_name,
    r.rule_name,
    count(x.removed_by) as row_count,
    count(x.removed_by) / nullif(any_value(s.row_count), 0) as row_rate,
    min(x.seen_at) as first_seen_at,
    max(x.seen_at) as last_seen_at
from rules as r
inner join sizes as s on r.table_name = s.table_name
left join removed as x on r.table_name = x.table_name and r.rule_name = x.removed_by
group by r.table_name, r.rule_name;

-- # activation_by_cohort
create table marts.activation_by_cohort as
with
windows as (
    select unnest([1, 7, 14, 30]) as window_days
),
user_windows as (
    select
        c.*,
        w.window_days,
        c.anchor_at + to_days(w.window_days) <= o.observed_until_at as is_eligible,
        a.activated_at < c.anchor_at + to_days(w.window_days) as is_activated
    from intermediate.int_user_cohorts as c
    cross join windows as w
    cross join intermediate.int_observation as o
    left join intermediate.int_user_activation as a on c.user_id = a.user_id
    where c.cohort_anchor = 'signup'
),
counts as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        window_days,
        count(distinct user_id) as signup_count,
        count(distinct case when is_eligible then user_id end) as eligible_user_count,
        count(distinct case when is_eligible and is_activated then user_id end) as activated_user_count
    from user_windows
    group by cohort_grain, cohort_date, segment_type, segment_value, window_days
)
select
    *,
    activated_user_count / nullif(eligible_user_count, 0) as activation_rate,
    wilson_lower(activated_user_count, eligible_user_count) as activation_rate_ci_lower,
    wilson_upper(activated_user_count, eligible_user_count) as activation_rate_ci_upper
from counts;

-- # milestone_completion_by_cohort
create table marts.milestone_completion_by_cohort as
with
steps as (
    select
        *,
        lag(milestone_id) over (partition by path order by milestone_order) as previous_milestone_id,
        lag(timeframe) over (partition by path order by milestone_order) as previous_timeframe
    from staging.milestones
),
user_steps as (
    select
        c.*,
        s.milestone_id,
        s.milestone_order,
        s.previous_milestone_id,
        c.anchor_at + s.timeframe <= o.observed_until_at as is_closed,
        c.anchor_at + s.timeframe <= o.observed_until_at
            and c.anchor_at + s.previous_timeframe <= o.observed_until_at as is_closed_with_previous,
        coalesce(this.is_completed, false) as is_completed,
        coalesce(previous.is_completed, false) as is_previous_completed
    from intermediate.int_user_cohorts as c
    cross join steps as s
    cross join intermediate.int_observation as o
    left join intermediate.int_user_milestones as this
        on c.user_id = this.user_id and s.milestone_id = this.milestone_id
    left join intermediate.int_user_milestones as previous
        on c.user_id = previous.user_id and s.previous_milestone_id = previous.milestone_id
    where c.cohort_anchor = 'signup'
),
counts as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        milestone_id,
        milestone_order,
        previous_milestone_id,
        count(distinct case when is_closed then user_id end) as eligible_user_count,
        count(distinct case when is_closed and is_completed then user_id end) as completed_user_count,
        count(distinct case when is_closed_with_previous and is_previous_completed then user_id end)
            as previous_completed_user_count,
        count(distinct case when is_closed_with_previous and is_previous_completed and is_completed then user_id end)
            as completed_both_user_count
    from user_steps
    group by
        cohort_grain, cohort_date, segment_type, segment_value, milestone_id, milestone_order, previous_milestone_id
)
select
    cohort_grain,
    cohort_date,
    segment_type,
    segment_value,
    milestone_id,
    milestone_order,
    eligible_user_count,
    completed_user_count,
    completed_user_count / nullif(eligible_user_count, 0) as completion_rate,
    wilson_lower(completed_user_count, eligible_user_count) as completion_rate_ci_lower,
    wilson_upper(completed_user_count, eligible_user_count) as completion_rate_ci_upper,
    case when previous_milestone_id is not null then previous_completed_user_count end as previous_completed_user_count,
    case when previous_milestone_id is not null then completed_both_user_count end as completed_both_user_count,
    case when previous_milestone_id is not null then completed_both_user_count / nullif(previous_completed_user_count, 0) end
        as conversion_from_previous_rate
from counts;

-- # time_to_first_value_by_cohort
create table marts.time_to_first_value_by_cohort as
with
user_values as (
    select
        c.*,
        c.anchor_at + interval 30 day <= o.observed_until_at as is_eligible,
        c.anchor_at + interval 30 day <= o.observed_until_at
            and f.first_value_at < c.anchor_at + interval 30 day as is_reached,
        f.first_value_at is not null as has_first_value,
        seconds_between(c.anchor_at, f.first_value_at) as seconds_to_first_value,
        cast(floor(seconds_between(c.anchor_at, coalesce(f.first_value_at, o.observed_until_at)) / 86400) as integer)
            as duration_days
    from intermediate.int_user_cohorts as c
    cross join intermediate.int_observation as o
    left join intermediate.int_user_first_value as f on c.user_id = f.user_id
    where c.cohort_anchor = 'signup'
),
counts as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        count(distinct user_id) as signup_count,
        count(distinct case when is_eligible then user_id end) as eligible_user_count,
        count(distinct case when is_reached then user_id end) as reached_user_count,
        avg(case when is_reached then seconds_to_first_value end) as mean_time_to_first_value_seconds,
        percentile_cont(0.5) within group (order by case when is_reached then seconds_to_first_value end)
            as median_time_to_first_value_seconds,
        percentile_cont(0.75) within group (order by case when is_reached then seconds_to_first_value end)
            as p75_time_to_first_value_seconds,
        percentile_cont(0.9) within group (order by case when is_reached then seconds_to_first_value end)
            as p90_time_to_first_value_seconds
    from user_values
    group by cohort_grain, cohort_date, segment_type, segment_value
),
durations as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        duration_days,
        count(*) as user_count,
        count(case when has_first_value then 1 end) as event_count
    from user_values
    group by cohort_grain, cohort_date, segment_type, segment_value, duration_days
),
at_risk as (
    select
        *,
        sum(user_count) over (
            partition by cohort_grain, cohort_date, segment_type, segment_value order by duration_days desc
        ) as at_risk_count
    from durations
),
survival as (
    select
        *,
        product(1.0::double - event_count / at_risk_count) over (
            partition by cohort_grain, cohort_date, segment_type, segment_value order by duration_days
        ) as survival_probability
    from at_risk
),
survival_medians as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        cast(min(duration_days) as double) as km_median_time_to_first_value_days
    from survival
    where survival_probability <= 0.5 + 1e-12
    group by cohort_grain, cohort_date, segment_type, segment_value
)
select
    c.cohort_grain,
    c.cohort_date,
    c.segment_type,
    c.segment_value,
    c.signup_count,
    c.eligible_user_count,
    c.reached_user_count,
    c.reached_user_count / nullif(c.eligible_user_count, 0) as reached_rate,
    wilson_lower(c.reached_user_count, c.eligible_user_count) as reached_rate_ci_lower,
    wilson_upper(c.reached_user_count, c.eligible_user_count) as reached_rate_ci_upper,
    c.mean_time_to_first_value_seconds,
    c.median_time_to_first_value_seconds,
    c.p75_time_to_first_value_seconds,
    c.p90_time_to_first_value_seconds,
    m.km_median_time_to_first_value_days
from counts as c
left join survival_medians as m using (cohort_grain, cohort_date, segment_type, segment_value);

-- # time_to_first_value_curve
create table marts.time_to_first_value_curve as
with
user_durations as (
    select
        s.segment_type,
        s.segment_value,
        f.first_value_at is not null as has_first_value,
        cast(floor(seconds_between(u.created_at, coalesce(f.first_value_at, o.observed_until_at)) / 86400) as integer)
            as duration_days
    from intermediate.int_users as u
    cross join intermediate.int_observation as o
    inner join intermediate.int_user_segments as s on u.user_id = s.user_id
    left join intermediate.int_user_first_value as f on u.user_id = f.user_id
),
durations as (
    select
        segment_type,
        segment_value,
        duration_days,
        count(case when has_first_value then 1 end) as event_count,
        count(case when not has_first_value then 1 end) as censored_count
    from user_durations
    group by segment_type, segment_value, duration_days
),
days as (
    select s.segment_type, s.segment_value, cast(d.day_number as integer) as day_number
    from (select distinct segment_type, segment_value from intermediate.int_user_segments) as s
    cross join (select unnest(range(0, 91)) as day_number) as d
),
curve as (
    select
        d.segment_type,
        d.segment_value,
        d.day_number,
        cast(coalesce(sum(case when x.duration_days >= d.day_number then x.event_count + x.censored_count end), 0) as bigint)
            as at_risk_count,
        cast(coalesce(sum(case when x.duration_days = d.day_number then x.event_count end), 0) as bigint) as event_count,
        cast(coalesce(sum(case when x.duration_days = d.day_number then x.censored_count end), 0) as bigint) as censored_count
    from days as d
    left join durations as x on d.segment_type = x.segment_type and d.segment_value = x.segment_value
    group by d.segment_type, d.segment_value, d.day_number
),
survival as (
    select
        *,
        product(case when at_risk_count > 0 then 1.0::double - event_count / at_risk_count else 1 end) over (
            partition by segment_type, segment_value order by day_number
        ) as survival_probability,
        sum(
            case
                when at_risk_count > event_count
                    then event_count / (cast(at_risk_count as double) * (at_risk_count - event_count))
                else 0
            end
        ) over (partition by segment_type, segment_value order by day_number) as greenwood_sum
    from curve
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
        when survival_probability = 1 then 1
        when survival_probability = 0 then 0
        else pow(survival_probability, exp(1.959963984540054 * sqrt(greenwood_sum) / abs(ln(survival_probability))))
    end as survival_ci_lower,
    case
        when survival_probability = 1 then 1
        when survival_probability = 0 then 0
        else pow(survival_probability, exp(-1.959963984540054 * sqrt(greenwood_sum) / abs(ln(survival_probability))))
    end as survival_ci_upper,
    event_count / nullif(at_risk_count, 0) as hazard_rate
from survival;

-- # milestone_velocity_by_cohort
create table marts.milestone_velocity_by_cohort as
with
steps as (
    select
        path,
        milestone_id as from_milestone_id,
        lead(milestone_id) over (partition by path order by milestone_order) as to_milestone_id
    from staging.milestones
),
user_steps as (
    select
        c.*,
        s.path,
        s.from_milestone_id,
        s.to_milestone_id,
        f.reached_at + interval 30 day <= o.observed_until_at as is_eligible,
        f.reached_at + interval 30 day <= o.observed_until_at
            and t.reached_at >= f.reached_at and t.reached_at < f.reached_at + interval 30 day as is_progressed,
        f.reached_at + interval 30 day <= o.observed_until_at and t.reached_at < f.reached_at as is_out_of_order,
        seconds_between(f.reached_at, t.reached_at) as seconds
    from intermediate.int_user_cohorts as c
    cross join steps as s
    cross join intermediate.int_observation as o
    left join intermediate.int_user_milestones as f
        on c.user_id = f.user_id and s.from_milestone_id = f.milestone_id
    left join intermediate.int_user_milestones as t
        on c.user_id = t.user_id and s.to_milestone_id = t.milestone_id
    where c.cohort_anchor = 'signup' and s.to_milestone_id is not null
),
counts as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        path,
        from_milestone_id,
        to_milestone_id,
        count(distinct case when is_eligible then user_id end) as eligible_user_count,
        count(distinct case when is_progressed then user_id end) as progressed_user_count,
        count(distinct case when is_out_of_order then user_id end) as out_of_order_user_count,
        avg(case when is_progressed then seconds end) as mean_seconds,
        percentile_cont(0.5) within group (order by case when is_progressed then seconds end) as median_seconds,
        percentile_cont(0.75) within group (order by case when is_progressed then seconds end) as p75_seconds
    from user_steps
    group by cohort_grain, cohort_date, segment_type, segment_value, path, from_milestone_id, to_milestone_id
)
select
    cohort_grain,
    cohort_date,
    segment_type,
    segment_value,
    path,
    from_milestone_id,
    to_milestone_id,
    eligible_user_count,
    progressed_user_count,
    progressed_user_count / nullif(eligible_user_count, 0) as progression_rate,
    out_of_order_user_count,
    mean_seconds,
    median_seconds,
    p75_seconds
from counts;

-- # retention_by_cohort
create table marts.retention_by_cohort as
with
periods as (
    select 'day' as period_grain, cast(n as integer) as period_number, cast(n as integer) as first_day, cast(n as integer) as last_day
    from range(0, 31) as r(n)
    union all
    select 'week', cast(n as integer), cast(7 * n as integer), cast(7 * n + 6 as integer)
    from range(0, 13) as r(n)
),
anchors as (
    select distinct user_id, cohort_anchor, anchor_date
    from intermediate.int_user_cohorts
),
retained_users as (
    select distinct a.cohort_anchor, a.user_id, p.period_grain, p.period_number
    from anchors as a
    inner join intermediate.int_user_days as d
        on a.user_id = d.user_id and d.activity_date between a.anchor_date and a.anchor_date + 90
    inner join periods as p
        on d.activity_date between a.anchor_date + p.first_day and a.anchor_date + p.last_day
),
user_periods as (
    select
        c.*,
        p.period_grain,
        p.period_number,
        c.anchor_date + p.last_day < o.observed_until_date as is_eligible,
        r.user_id is not null as is_retained
    from intermediate.int_user_cohorts as c
    cross join periods as p
    cross join intermediate.int_observation as o
    left join retained_users as r
        on c.user_id = r.user_id
        and c.cohort_anchor = r.cohort_anchor
        and p.period_grain = r.period_grain
        and p.period_number = r.period_number
),
counts as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        cohort_anchor,
        period_grain,
        period_number,
        count(*) as cohort_user_count,
        count(case when is_eligible then 1 end) as eligible_user_count,
        count(case when is_eligible and is_retained then 1 end) as retained_user_count
    from user_periods
    group by cohort_grain, cohort_date, segment_type, segment_value, cohort_anchor, period_grain, period_number
)
select
    *,
    retained_user_count / nullif(eligible_user_count, 0) as retention_rate,
    wilson_lower(retained_user_count, eligible_user_count) as retention_rate_ci_lower,
    wilson_upper(retained_user_count, eligible_user_count) as retention_rate_ci_upper
from counts;

-- # active_users_by_day
create table marts.active_users_by_day as
with
dates as (
    select cast(unnest(generate_series(first_signup_date, observed_until_date - 1, interval 1 day)) as date) as activity_date
    from intermediate.int_observation
),
grid as (
    select d.activity_date, s.segment_type, s.segment_value
    from dates as d
    cross join (select distinct segment_type, segment_value from intermediate.int_user_segments) as s
),
-- Every user who was active on a date or in the 29 before it.
rolling_activity as (
    select
        d.activity_date,
        a.user_id,
        max(case when a.activity_date = d.activity_date then 1 else 0 end) as is_daily_active,
        max(case when a.activity_date > d.activity_date - 7 then 1 else 0 end) as is_weekly_active
    from dates as d
    inner join intermediate.int_user_days as a
        on a.activity_date between d.activity_date - 29 and d.activity_date
    group by d.activity_date, a.user_id
),
active as (
    select
        r.activity_date,
        s.segment_type,
        s.segment_value,
        count(case when r.is_daily_active = 1 then 1 end) as dau,
        count(case when r.is_weekly_active = 1 then 1 end) as wau,
        count(*) as mau
    from rolling_activity as r
    inner join intermediate.int_user_segments as s on r.user_id = s.user_id
    group by r.activity_date, s.segment_type, s.segment_value
)
select
    g.activity_date,
    g.segment_type,
    g.segment_value,
    coalesce(a.dau, 0) as dau,
    coalesce(a.wau, 0) as wau,
    coalesce(a.mau, 0) as mau,
    coalesce(a.dau, 0) / nullif(a.mau, 0) as stickiness_rate
from grid as g
left join active as a using (activity_date, segment_type, segment_value);

-- # growth_accounting_by_week
create table marts.growth_accounting_by_week as
with
weeks as (
    select cast(unnest(generate_series(
        date_trunc('week', first_signup_date), date_trunc('week', observed_until_date) - interval 7 day, interval 7 day
    )) as date) as week_start_date
    from intermediate.int_observation
),
grid as (
    select w.week_start_date, s.segment_type, s.segment_value
    from weeks as w
    cross join (select distinct segment_type, segment_value from intermediate.int_user_segments) as s
),
user_weeks as (
    select distinct user_id, cast(date_trunc('week', activity_date) as date) as week_start_date
    from intermediate.int_user_days
),
first_weeks as (
    select user_id, min(week_start_date) as first_week_date
    from user_weeks
    group by user_id
),
user_changes as (
    select
        coalesce(this.user_id, last.user_id) as user_id,
        coalesce(this.week_start_date, last.week_start_date + 7) as week_start_date,
        this.user_id is not null as is_active,
        last.user_id is not null as was_active
    from user_weeks as this
    full join user_weeks as last
        on this.user_id = last.user_id and this.week_start_date = last.week_start_date + 7
),
counts as (
    select
        c.week_start_date,
        s.segment_type,
        s.segment_value,
        count(distinct case when c.is_active and c.week_start_date = f.first_week_date then c.user_id end) as new_user_count,
        count(distinct case when c.is_active and c.was_active then c.user_id end) as retained_user_count,
        count(distinct case when c.is_active and not c.was_active and c.week_start_date > f.first_week_date then c.user_id end)
            as resurrected_user_count,
        count(distinct case when not c.is_active then c.user_id end) as churned_user_count,
        count(distinct case when c.is_active then c.user_id end) as active_user_count
    from user_changes as c
    inner join first_weeks as f on c.user_id = f.user_id
    inner join intermediate.int_user_segments as s on c.user_id = s.user_id
    group by c.week_start_date, s.segment_type, s.segment_value
)
select
    g.week_start_date,
    g.segment_type,
    g.segment_value,
    coalesce(c.new_user_count, 0) as new_user_count,
    coalesce(c.retained_user_count, 0) as retained_user_count,
    coalesce(c.resurrected_user_count, 0) as resurrected_user_count,
    coalesce(c.churned_user_count, 0) as churned_user_count,
    coalesce(c.active_user_count, 0) as active_user_count
from grid as g
left join counts as c using (week_start_date, segment_type, segment_value);

-- # viral_coefficient_by_cohort
create table marts.viral_coefficient_by_cohort as
with
activation_window as (
    select coalesce(max(case when is_required then timeframe end), interval 0 day) as timeframe from staging.milestones
),
invitations as (
    select
        user_id,
        sum(
            case
                when regexp_full_match(property_count, '-?[0-9]+') then greatest(1, coalesce(try_cast(property_count as bigint), 1))
                else 1
            end
        ) as invitation_count
    from intermediate.int_events
    where event_name = 'invite_sent' and event_at < created_at + interval 30 day
    group by user_id
),
invited_users as (
    select
        inviter.user_id,
        count(*) as invited_signup_count,
        count(a.user_id) as invited_activated_count
    from intermediate.int_users as inviter
    inner join intermediate.int_users as invitee
        on inviter.user_id = invitee.invited_by
        and inviter.user_id <> invitee.user_id
        and invitee.created_at >= inviter.created_at
        and invitee.created_at < inviter.created_at + interval 30 day
    left join intermediate.int_user_activation as a on invitee.user_id = a.user_id
    group by inviter.user_id
),
members as (
    select
        c.*,
        c.anchor_at + interval 30 day <= o.observed_until_at as is_member,
        c.anchor_at + interval 30 day + w.timeframe <= o.observed_until_at as is_fully_observed,
        coalesce(i.invitation_count, 0) as invitation_count,
        coalesce(v.invited_signup_count, 0) as invited_signup_count,
        coalesce(v.invited_activated_count, 0) as invited_activated_count
    from intermediate.int_user_cohorts as c
    cross join intermediate.int_observation as o
    cross join activation_window as w
    left join invitations as i on c.user_id = i.user_id
    left join invited_users as v on c.user_id = v.user_id
    where c.cohort_anchor = 'signup'
),
cycles as (
    select
        c.cohort_grain,
        c.cohort_date,
        c.segment_type,
        c.segment_value,
        percentile_cont(0.5) within group (order by seconds_between(c.anchor_at, invitee.created_at)) as median_viral_cycle_seconds
    from intermediate.int_user_cohorts as c
    cross join intermediate.int_observation as o
    inner join intermediate.int_users as invitee
        on c.user_id = invitee.invited_by
        and c.user_id <> invitee.user_id
        and invitee.created_at >= c.anchor_at
        and invitee.created_at < c.anchor_at + interval 30 day
    where c.cohort_anchor = 'signup' and c.anchor_at + interval 30 day <= o.observed_until_at
    group by c.cohort_grain, c.cohort_date, c.segment_type, c.segment_value
),
counts as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        count(distinct case when is_member then user_id end) as cohort_user_count,
        cast(coalesce(sum(case when is_member then invitation_count end), 0) as bigint) as invitation_count,
        count(distinct case when is_member and invitation_count > 0 then user_id end) as inviting_user_count,
        cast(coalesce(sum(case when is_member then invited_signup_count end), 0) as bigint) as invited_signup_count,
        count(distinct case when is_fully_observed then user_id end) as fully_observed_user_count,
        cast(coalesce(sum(case when is_fully_observed then invited_activated_count end), 0) as bigint) as invited_activated_count
    from members
    group by cohort_grain, cohort_date, segment_type, segment_value
)
select
    c.cohort_grain,
    c.cohort_date,
    c.segment_type,
    c.segment_value,
    c.cohort_user_count,
    c.invitation_count,
    c.inviting_user_count,
    c.invited_signup_count,
    c.invitation_count / nullif(c.cohort_user_count, 0) as invitations_per_user,
    c.invited_signup_count / nullif(c.invitation_count, 0) as invitation_conversion_rate,
    c.invited_signup_count / nullif(c.cohort_user_count, 0) as k_factor,
    y.median_viral_cycle_seconds,
    c.fully_observed_user_count,
    c.invited_activated_count,
    c.invited_activated_count / nullif(c.fully_observed_user_count, 0) as activated_k_factor
from counts as c
left join cycles as y using (cohort_grain, cohort_date, segment_type, segment_value);

-- # pql_scores
create table marts.pql_scores as
with
qualified_bound as (
    select min(lower_bound) as lower_bound
    from staging.pql_bands
    where scheme = 'milestone_share' and is_qualified
),
running_scores as (
    select
        user_id,
        reached_at,
        sum(weight) over (partition by user_id order by reached_at) as running_score
    from intermediate.int_user_milestones
    where is_completed
),
qualified as (
    select r.user_id, min(r.reached_at) as qualified_at
    from running_scores as r
    inner join qualified_bound as b on r.running_score * 100 >= b.lower_bound
    group by r.user_id
),
milestone_scores as (
    select user_id, sum(weight) as milestone_score
    from intermediate.int_user_milestones
    where is_completed
    group by user_id
),
signal_occurrences as (
    select
        e.user_id,
        s.signal_id,
        s.points,
        s.max_count,
        count(*) as occurrence_count,
        max(e.event_at) as latest_at
    from intermediate.int_events as e
    inner join staging.pql_signals as s on e.event_name = s.triggered_by_event
    group by e.user_id, s.signal_id, s.points, s.max_count
),
behavior as (
    select
        x.user_id,
        sum(
            x.points * least(x.occurrence_count, x.max_count)
            * case when x.latest_at < o.observed_until_at - interval 7 day then 0.5 else 1.0 end
        ) as behavior_points
    from signal_occurrences as x
    cross join intermediate.int_observation as o
    group by x.user_id
),
fit as (
    select u.user_id, sum(s.points) as fit_points
    from intermediate.int_users as u
    inner join staging.pql_signals as s
        on (s.user_column = 'plan_tier' and s.user_value = u.plan_tier)
        or (s.user_column = 'install_source' and s.user_value = u.install_source)
    group by u.user_id
),
scores as (
    select
        u.user_id,
        u.account_id,
        u.created_at as signed_up_at,
        o.observed_until_at as scored_at,
        cast(coalesce(m.milestone_score, 0) as decimal(18, 12)) as milestone_score,
        case when b.lower_bound = 0 then u.created_at else q.qualified_at end as qualified_at,
        cast(coalesce(h.behavior_points, 0) as decimal(18, 5)) as behavior_points,
        cast(coalesce(f.fit_points, 0) as decimal(18, 5)) as fit_points
    from intermediate.int_users as u
    cross join intermediate.int_observation as o
    cross join qualified_bound as b
    left join milestone_scores as m on u.user_id = m.user_id
    left join qualified as q on u.user_id = q.user_id
    left join behavior as h on u.user_id = h.user_id
    left join fit as f on u.user_id = f.user_id
),
bands as (
    select *, lead(lower_bound) over (partition by scheme order by lower_bound) as next_lower_bound
    from staging.pql_bands
)
select
    s.user_id,
    s.account_id,
    s.signed_up_at,
    s.scored_at,
    s.milestone_score,
    m.band as milestone_band,
    m.recommended_action as milestone_action,
    coalesce(m.is_qualified, false) as is_pql,
    s.qualified_at,
    cast(s.behavior_points + s.fit_points as decimal(18, 5)) as points_score,
    s.behavior_points,
    s.fit_points,
    p.band as points_band,
    p.recommended_action as points_action
from scores as s
-- Below 0, by negative points, is still the lowest band.
left join bands as m
    on m.scheme = 'milestone_share'
    and greatest(s.milestone_score * 100, 0) >= m.lower_bound
    and (greatest(s.milestone_score * 100, 0) < m.next_lower_bound or m.next_lower_bound is null)
left join bands as p
    on p.scheme = 'points'
    and greatest(s.behavior_points + s.fit_points, 0) >= p.lower_bound
    and (greatest(s.behavior_points + s.fit_points, 0) < p.next_lower_bound or p.next_lower_bound is null);

-- # pql_conversion_by_cohort
create table marts.pql_conversion_by_cohort as
with
longest_timeframe as (
    select max(timeframe) as timeframe from staging.milestones
),
user_leads as (
    select
        c.*,
        c.anchor_at + l.timeframe <= o.observed_until_at as is_eligible,
        a.user_id is not null as is_activated,
        s.is_pql
    from intermediate.int_user_cohorts as c
    cross join intermediate.int_observation as o
    cross join longest_timeframe as l
    inner join marts.pql_scores as s on c.user_id = s.user_id
    left join intermediate.int_user_activation as a on c.user_id = a.user_id
    where c.cohort_anchor = 'signup'
),
counts as (
    select
        cohort_grain,
        cohort_date,
        segment_type,
        segment_value,
        count(distinct case when is_eligible then user_id end) as eligible_user_count,
        count(distinct case when is_eligible and is_activated then user_id end) as activated_user_count,
        count(distinct case when is_eligible and is_activated and is_pql then user_id end) as pql_user_count,
        count(distinct case when is_eligible and not is_activated and is_pql then user_id end) as pql_without_activation_count
    from user_leads
    group by cohort_grain, cohort_date, segment_type, segment_value
)
select
    cohort_grain,
    cohort_date,
    segment_type,
    segment_value,
    eligible_user_count,
    activated_user_count,
    pql_user_count,
    pql_user_count / nullif(activated_user_count, 0) as pql_conversion_rate,
    pql_without_activation_count
from counts;

-- # kpi_scorecard
create table marts.kpi_scorecard as
with
main_path as (
    select path from staging.milestones order by milestone_order, milestone_id limit 1
),
steps as (
    select
        milestone_id as first_id,
        timeframe as first_timeframe,
        lead(milestone_id) over (order by milestone_order) as second_id,
        greatest(timeframe, lead(timeframe) over (order by milestone_order)) as longer_timeframe
    from staging.milestones
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
    select 'pql_conversion_rate', c.cohort_date, c.pql_conversion_rate, (select max(timeframe) from staging.milestones)
    from marts.pql_conversion_by_cohort as c
    where c.cohort_grain = 'week' and c.segment_type = 'all'
),
closed_weeks as (
    select metric_id, cohort_date as week_start_date, value
    from week_values
    where cohort_date + to_days(7) + maturity <= (select observed_until_at from intermediate.int_observation)
),
benchmarks as (
    select metric_id, low, high from staging.benchmarks where category = 'overall' and segment = 'all'
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
    left join staging.kpi_targets as t on w.metric_id = t.metric_id
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
