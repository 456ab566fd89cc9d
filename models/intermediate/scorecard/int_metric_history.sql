{#- What was each metric's value in each week under other definitions than those of this build?
    A value that was delivered several times counts once: the one of the longest observation. -#}
with

current_version as (

    select definitions_version
    from {{ ref('int_definitions_version') }}

),

delivered as (

    select
        history.metric_id,
        history.week_start_date,
        history.definitions_version,
        history.observed_until_at,
        history.value,
        row_number() over (
            partition by history.metric_id, history.week_start_date, history.definitions_version
            order by history.observed_until_at desc nulls last, history.value asc nulls last
        ) as copy_number
    from {{ ref('int_metric_history_classified') }} as history
    cross join current_version
    where
        history.removed_by is null
        and history.metric_id is not null
        and history.week_start_date is not null
        and history.definitions_version <> current_version.definitions_version

),

int_metric_history as (

    select
        metric_id,
        week_start_date,
        definitions_version,
        observed_until_at,
        value
    from delivered
    where copy_number = 1

)

select *
from int_metric_history
