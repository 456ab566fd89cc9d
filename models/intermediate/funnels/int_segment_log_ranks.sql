{#- How many events would each tested value of a segment have, if its users had them as fast as
    those of the other tested values?
    The sums of the log-rank test, over the days with an event. -#}
{%- set comparison = ['metric_id', 'item', 'segment_type'] -%}
with

tested_values as (

    select
        metric_id,
        item,
        segment_type,
        segment_value
    from {{ ref('int_segments_compared') }}
    where test_name = 'log_rank' and is_tested

),

life_tables as (

    select
        tested.metric_id,
        tested.item,
        tested.segment_type,
        tested.segment_value,
        life.day_number,
        life.event_count,
        life.event_count + life.censored_count as leaving_count
    from tested_values as tested
    inner join {{ ref('int_segment_life_tables') }} as life
        on
            {{ same_test('tested', 'life') }}
            and tested.segment_value = life.segment_value

),

days as (

    select distinct
        metric_id,
        item,
        segment_type,
        day_number
    from life_tables

),

value_days as (

    select
        tested.metric_id,
        tested.item,
        tested.segment_type,
        tested.segment_value,
        days.day_number,
        coalesce(life_tables.event_count, 0) as event_count,
        coalesce(life_tables.leaving_count, 0) as leaving_count
    from tested_values as tested
    inner join days
        on {{ same_test('tested', 'days') }}
    left join life_tables
        on
            {{ same_test('tested', 'life_tables') }}
            and tested.segment_value = life_tables.segment_value
            and days.day_number = life_tables.day_number

),

values_at_risk as (

    select
        *,
        cast(
            {{ running('sum(leaving_count)', comparison + ['segment_value'], 'day_number desc') }}
            as bigint
        ) as at_risk_count
    from value_days

),

all_at_risk as (

    select
        *,
        sum(event_count) over (partition by {{ comparison | join(', ') }}, day_number)
            as all_event_count,
        sum(at_risk_count) over (partition by {{ comparison | join(', ') }}, day_number)
            as all_at_risk_count
    from values_at_risk

),

int_segment_log_ranks as (

    select
        metric_id,
        item,
        segment_type,
        segment_value,
        {{ log_rank_sums('all_event_count', 'at_risk_count', 'all_at_risk_count') }}
    from all_at_risk
    where all_event_count > 0
    group by metric_id, item, segment_type, segment_value

)

select *
from int_segment_log_ranks
