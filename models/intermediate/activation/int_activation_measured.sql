{#- Can anybody activate?
    Not where every path requires a milestone whose event never occurs. -#}
with

paths as (

    select
        path,
        count(case when is_required and not is_measured then 1 end) as unmeasured_count
    from {{ ref('int_milestones_measured') }}
    group by path

),

int_activation_measured as (

    select count(case when unmeasured_count = 0 then 1 end) > 0 as is_activation_measured
    from paths

)

select *
from int_activation_measured
