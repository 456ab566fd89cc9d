{#- Whom does each scheme qualify that the scheme of the hand-off does not, and the other way round?
    The same units at the same age. Without the scheme of the hand-off there is nothing to compare. -#}
{%- set group = ['unit_type', 'scheme', 'snapshot_age_days'] -%}
{%- set counts = [
    'only_here_unit_count', 'only_here_converted_unit_count', 'only_there_unit_count',
    'only_there_converted_unit_count',
] -%}
with

snapshots as (

    select
        unit_type,
        unit_key,
        scheme,
        snapshot_age_days,
        snapshot_date,
        split_date,
        is_qualified,
        is_converted
    from {{ ref('int_pql_snapshots') }}
    where is_eligible

),

counted as (

    select
        here.unit_type,
        here.scheme,
        here.snapshot_age_days,
        here.snapshot_date,
        here.split_date,
        count(case when here.is_qualified then 1 end) as only_here_unit_count,
        count(case when here.is_qualified and here.is_converted then 1 end)
            as only_here_converted_unit_count,
        count(case when there.is_qualified then 1 end) as only_there_unit_count,
        count(case when there.is_qualified and there.is_converted then 1 end)
            as only_there_converted_unit_count
    from snapshots as here
    inner join snapshots as there
        on
            here.unit_type = there.unit_type
            and here.unit_key = there.unit_key
            and here.snapshot_age_days = there.snapshot_age_days
    where there.scheme = '{{ var('handoff_scheme') }}' and here.is_qualified <> there.is_qualified
    group by
        here.unit_type, here.scheme, here.snapshot_age_days, here.snapshot_date, here.split_date

),

counts_of_sets as (

    {{ rows_of_sets('counted', group + counts) }}

),

int_scheme_disagreements as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        snapshot_set,
        {{ sum_as_bigint('only_here_unit_count') }} as only_here_unit_count,
        {{ sum_as_bigint('only_here_converted_unit_count') }} as only_here_converted_unit_count,
        {{ sum_as_bigint('only_there_unit_count') }} as only_there_unit_count,
        {{ sum_as_bigint('only_there_converted_unit_count') }} as only_there_converted_unit_count
    from counts_of_sets
    group by unit_type, scheme, snapshot_age_days, snapshot_set

)

select *
from int_scheme_disagreements
