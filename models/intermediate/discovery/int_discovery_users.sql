{#- Which users can tell whether an early event goes with staying, and in which sample are they?
    Those whose week of the outcome has ended. The older 70 % choose the candidates (train), the newer
    ones confirm them (confirm); users of one signup date stay together. -#}
{%- set first_day = 7 * var('discovery_outcome_week') -%}
with

members as (

    select
        members.user_key,
        members.anchor_date as signup_date,
        {{ closed_day_count() }} as closed_day_count
    from {{ ref('int_cohort_members') }} as members
    cross join {{ ref('int_observation') }} as observation
    where members.cohort_anchor = 'signup'

),

eligible_users as (

    select
        user_key,
        signup_date
    from members
    where closed_day_count > {{ first_day + 6 }}

),

signup_dates as (

    select
        signup_date,
        count(*) as user_count
    from eligible_users
    group by signup_date

),

running_counts as (

    select
        signup_date,
        sum(user_count) over () as all_user_count,
        sum(user_count) over (
            order by signup_date
            rows between unbounded preceding and current row
        ) as user_count_so_far
    from signup_dates

),

samples as (

    -- Whole numbers, so that exactly 70 % are 70 %.
    select min(signup_date) as last_train_date
    from running_counts
    where 10 * user_count_so_far >= 7 * all_user_count

),

returned_users as (

    select distinct eligible_users.user_key
    from eligible_users
    inner join {{ ref('int_active_days') }} as active_days
        on eligible_users.user_key = active_days.user_key
    where
        {{ days_between('eligible_users.signup_date', 'active_days.activity_date') }}
        between {{ first_day }} and {{ first_day + 6 }}

),

int_discovery_users as (

    select
        eligible_users.user_key,
        case
            when eligible_users.signup_date <= samples.last_train_date then 'train'
            else 'confirm'
        end as sample_name,
        returned_users.user_key is not null as is_retained
    from eligible_users
    cross join samples
    left join returned_users on eligible_users.user_key = returned_users.user_key

)

select *
from int_discovery_users
