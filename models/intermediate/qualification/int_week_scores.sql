{#- How many units had each score at the first age, by week?
    Also those whose conversion window is still open: what scores look like needs no outcome. -#}
with

snapshots as (

    select
        unit_type,
        scheme,
        score,
        is_qualified,
        cast({{ dbt.date_trunc('week', 'snapshot_date') }} as date) as week_start_date
    from {{ ref('int_pql_snapshots') }}
    where snapshot_age_days = {{ snapshot_ages()[0] }}

),

int_week_scores as (

    select
        unit_type,
        scheme,
        week_start_date,
        score,
        count(*) as unit_count,
        count(case when is_qualified then 1 end) as qualified_unit_count
    from snapshots
    group by unit_type, scheme, week_start_date, score

)

select *
from int_week_scores
