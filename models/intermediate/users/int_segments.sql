{#- To which segments does each combination of user attributes belong?
    Marts first count by combination, then spread the counts over the segments: there are far more users
    than combinations. -#}
with

users as (

    select
        segment_key,
        acquisition_type,
        install_source,
        plan_tier
    from {{ ref('int_users') }}

),

combinations as (

    select distinct
        segment_key,
        acquisition_type,
        install_source,
        plan_tier
    from users

),

int_segments as (

    select
        segment_key,
        'all' as segment_type,
        'all' as segment_value
    from combinations
    union all
    select
        segment_key,
        'acquisition_type' as segment_type,
        acquisition_type as segment_value
    from combinations
    union all
    select
        segment_key,
        'install_source' as segment_type,
        coalesce(install_source, 'unknown') as segment_value
    from combinations
    union all
    select
        segment_key,
        'plan_tier' as segment_type,
        coalesce(plan_tier, 'unknown') as segment_value
    from combinations

)

select *
from int_segments
