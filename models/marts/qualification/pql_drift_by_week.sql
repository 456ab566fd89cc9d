{#- Are scores still those that thresholds were chosen on?
    The week's scores at the first age, beside those of the earlier eligible units. Weeks of the reference are
    compared with it, too; their p-value is too large. -#}
with

weeks as (

    select
        weeks.unit_type,
        weeks.scheme,
        weeks.week_start_date,
        weeks.unit_count,
        weeks.qualified_unit_count,
        {{ rate_with_interval(
            'qualified_rate', 'weeks.qualified_unit_count', 'weeks.unit_count'
        ) }},
        cast(weeks.score_sum as {{ engine_type('double') }}) / nullif(weeks.unit_count, 0)
            as mean_score,
        stability.reference_unit_count,
        stability.bin_count - 1 as degrees,
        case
            when
                least(weeks.unit_count, stability.reference_unit_count)
                >= {{ var('minimum_group_users') }}
                and stability.bin_count >= 2
                then cast(stability.psi as {{ engine_type('double') }})
        end as psi
    from {{ ref('int_drift_weeks') }} as weeks
    left join {{ ref('int_score_stability') }} as stability
        on
            weeks.unit_type = stability.unit_type
            and weeks.scheme = stability.scheme
            and weeks.week_start_date = stability.week_start_date

),

compared_weeks as (

    select
        *,
        -- Without drift it has the distribution of chi-square.
        psi / (
            1 / cast(nullif(unit_count, 0) as {{ engine_type('double') }})
            + 1 / cast(reference_unit_count as {{ engine_type('double') }})
        ) as chi_square
    from weeks

),

tests as (

    select
        *,
        {{ p_value_of_chi_square('chi_square', 'degrees') }} as drift_p_value
    from compared_weeks

),

pql_drift_by_week as (

    select
        unit_type,
        scheme,
        week_start_date,
        unit_count,
        qualified_unit_count,
        qualified_rate,
        qualified_rate_ci_lower,
        qualified_rate_ci_upper,
        mean_score,
        psi,
        drift_p_value,
        case
            when psi is null then 'not_enough_data'
            when psi >= 0.25 and drift_p_value < 0.05 then 'major'
            when psi >= 0.10 and drift_p_value < 0.05 then 'moderate'
            else 'stable'
        end as drift_status
    from tests

)

select *
from pql_drift_by_week
