{#- Which users and accounts can become a lead, and in which segments are they? -#}
with

units as (

    select
        unit_type,
        unit_key,
        started_at,
        segment_key
    from {{ ref('int_pql_units') }}

),

combinations as (

    {% for segments in [ref('int_user_segments'), ref('int_account_segments')] -%}
    select distinct
        segment_key,
        {% for slot in segment_slots() -%}
        segment_{{ slot }},
        {% endfor -%}
        acquisition_type
    from {{ segments }}
    {{ 'union all' if not loop.last }} {% endfor %}
),

shipped_types as (

    select
        segment_key,
        max(case when segment_type = 'install_source' then segment_value end) as install_source,
        max(case when segment_type = 'plan_tier' then segment_value end) as plan_tier
    from {{ ref('int_unit_segments') }}
    group by segment_key

),

-- Never null: MetricFlow joins the counts of a query by their dimensions.
sem_units as (

    select
        units.unit_type,
        combinations.acquisition_type,
        {{ unit_reference('units') }} as unit_reference,
        {{ local_date('units.started_at') }} as start_date,
        {% for slot in segment_slots() -%}
        coalesce(combinations.segment_{{ slot }}, 'unknown') as segment_{{ slot }},
        {% endfor -%}
        coalesce(shipped_types.install_source, 'unknown') as install_source,
        coalesce(shipped_types.plan_tier, 'unknown') as plan_tier
    from units
    inner join combinations on units.segment_key = combinations.segment_key
    inner join shipped_types on units.segment_key = shipped_types.segment_key

)

select *
from sem_units
