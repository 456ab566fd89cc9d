{#- Calibration agrees with itself.
    Bins add up to all units, flagged counts never rise with the threshold, AUC is the area under the
    thresholds' rates, and earlier and later snapshots are all snapshots. The scheme of the hand-off
    explains by how many leads each scheme differs from it. -#}
{%- set group = ['unit_type', 'scheme', 'snapshot_age_days', 'snapshot_set'] -%}
{%- set group_names = group | join(', ') -%}
with

calibration as (

    select *
    from {{ ref('pql_calibration') }}

),

bins as (

    select
        {{ group_names }},
        bin_type,
        max(bin_number) as last_bin_number,
        sum(eligible_unit_count) as eligible_unit_count,
        sum(converted_unit_count) as converted_unit_count,
        max(cumulative_unit_count) as cumulative_unit_count,
        max(cumulative_recall_rate) as cumulative_recall_rate
    from {{ ref('pql_calibration_by_bin') }}
    group by {{ group_names }}, bin_type

),

thresholds as (

    select
        *,
        lag(flagged_unit_count) over (
            partition by {{ group_names }} order by threshold desc
        ) as higher_flagged_unit_count,
        lag(recall_rate) over (partition by {{ group_names }} order by threshold desc)
            as higher_recall_rate,
        lag(false_positive_rate) over (partition by {{ group_names }} order by threshold desc)
            as higher_false_positive_rate,
        row_number() over (partition by {{ group_names }} order by threshold) as place
    from {{ ref('pql_thresholds') }}

),

areas as (

    select
        {{ group_names }},
        sum(
            (false_positive_rate - coalesce(higher_false_positive_rate, 0))
            * (recall_rate + coalesce(higher_recall_rate, 0)) / 2
        ) as area
    from thresholds
    group by {{ group_names }}

),

counts_of_sets as (

    select
        unit_type,
        scheme,
        snapshot_age_days,
        case when snapshot_set = 'all' then 'all' else 'parts' end as whole,
        {% for count in [
            'eligible_unit_count', 'converted_unit_count', 'qualified_unit_count',
            'qualified_converted_unit_count', 'only_here_unit_count',
            'only_here_converted_unit_count', 'only_there_unit_count',
            'only_there_converted_unit_count',
        ] -%}
        sum({{ count }}) as {{ count }},
        {% endfor -%}
        count(*) as set_count
    from calibration
    group by
        unit_type, scheme, snapshot_age_days,
        case when snapshot_set = 'all' then 'all' else 'parts' end

)

select
    'bins add up to all units' as promise,
    calibration.unit_type,
    calibration.scheme,
    calibration.snapshot_age_days,
    calibration.snapshot_set
from calibration
inner join bins
    on
        calibration.unit_type = bins.unit_type
        and calibration.scheme = bins.scheme
        and calibration.snapshot_age_days = bins.snapshot_age_days
        and calibration.snapshot_set = bins.snapshot_set
where
    calibration.eligible_unit_count <> bins.eligible_unit_count
    or calibration.converted_unit_count <> bins.converted_unit_count
    or calibration.eligible_unit_count <> bins.cumulative_unit_count
    or (calibration.converted_unit_count > 0 and bins.cumulative_recall_rate <> 1)
    or (bins.bin_type = 'decile' and bins.last_bin_number <> 10)
union all
select
    'flagged counts never rise with the threshold' as promise,
    thresholds.unit_type,
    thresholds.scheme,
    thresholds.snapshot_age_days,
    thresholds.snapshot_set
from thresholds
inner join calibration
    on
        thresholds.unit_type = calibration.unit_type
        and thresholds.scheme = calibration.scheme
        and thresholds.snapshot_age_days = calibration.snapshot_age_days
        and thresholds.snapshot_set = calibration.snapshot_set
where
    thresholds.flagged_unit_count < thresholds.higher_flagged_unit_count
    -- At the lowest one, all are flagged: the lowest score, or a bound below it.
    or (
        thresholds.place = 1
        and thresholds.flagged_unit_count <> calibration.eligible_unit_count
    )
union all
select
    'at the entry bound, the leads are flagged' as promise,
    calibration.unit_type,
    calibration.scheme,
    calibration.snapshot_age_days,
    calibration.snapshot_set
from calibration
inner join {{ ref('int_lead_bounds') }} as bounds on calibration.scheme = bounds.scheme
inner join thresholds
    on
        calibration.unit_type = thresholds.unit_type
        and calibration.scheme = thresholds.scheme
        and calibration.snapshot_age_days = thresholds.snapshot_age_days
        and calibration.snapshot_set = thresholds.snapshot_set
        and bounds.entry_bound = thresholds.threshold
where
    -- A band at 0 holds scores below it, too.
    bounds.entry_bound > 0
    and (
        calibration.qualified_unit_count <> thresholds.flagged_unit_count
        or calibration.qualified_converted_unit_count <> thresholds.flagged_converted_unit_count
    )
union all
select
    'auc is the area under the rates' as promise,
    calibration.unit_type,
    calibration.scheme,
    calibration.snapshot_age_days,
    calibration.snapshot_set
from calibration
left join areas
    on
        calibration.unit_type = areas.unit_type
        and calibration.scheme = areas.scheme
        and calibration.snapshot_age_days = areas.snapshot_age_days
        and calibration.snapshot_set = areas.snapshot_set
where
    calibration.auc is not null
    and (areas.area is null or abs(calibration.auc - areas.area) > 0.000000001)
union all
select
    'earlier and later are all' as promise,
    parts.unit_type,
    parts.scheme,
    parts.snapshot_age_days,
    'all' as snapshot_set
from counts_of_sets as parts
inner join counts_of_sets as totals
    on
        parts.unit_type = totals.unit_type
        and parts.scheme = totals.scheme
        and parts.snapshot_age_days = totals.snapshot_age_days
where
    parts.whole = 'parts' and totals.whole = 'all'
    and (
        parts.set_count <> 2
        or parts.eligible_unit_count <> totals.eligible_unit_count
        or parts.converted_unit_count <> totals.converted_unit_count
        or parts.qualified_unit_count <> totals.qualified_unit_count
        or parts.qualified_converted_unit_count <> totals.qualified_converted_unit_count
        or parts.only_here_unit_count <> totals.only_here_unit_count
        or parts.only_here_converted_unit_count <> totals.only_here_converted_unit_count
        or parts.only_there_unit_count <> totals.only_there_unit_count
        or parts.only_there_converted_unit_count <> totals.only_there_converted_unit_count
    )
union all
select
    'only here less only there is the difference in leads' as promise,
    here.unit_type,
    here.scheme,
    here.snapshot_age_days,
    here.snapshot_set
from calibration as here
inner join calibration as there
    on
        here.unit_type = there.unit_type
        and here.snapshot_age_days = there.snapshot_age_days
        and here.snapshot_set = there.snapshot_set
where
    there.scheme = '{{ var('handoff_scheme') }}'
    and (
        here.qualified_unit_count - there.qualified_unit_count
        <> here.only_here_unit_count - here.only_there_unit_count
        or here.qualified_converted_unit_count - there.qualified_converted_unit_count
        <> here.only_here_converted_unit_count - here.only_there_converted_unit_count
    )
