{#- Which first-week behaviours separate those who pay, and those who stay? -#}
with

outcomes as (

    select 'converted' as outcome
    union all
    select 'retained' as outcome

),

behaviors as (

    select
        behavior_id,
        weight
    from {{ ref('stg_propensity_behaviors') }}
    where behavior_id <> 'intercept'

),

counts as (

    select
        combinations.unit_type,
        outcomes.outcome,
        combinations.snapshot_set,
        behaviors.behavior_id,
        behaviors.weight,
        coalesce(units.unit_count, 0) as unit_count,
        coalesce(units.outcome_count, 0) as outcome_count,
        coalesce(done.unit_count, 0) as done_unit_count,
        coalesce(done.outcome_count, 0) as done_outcome_count,
        coalesce(units.unit_count, 0) - coalesce(done.unit_count, 0) as other_unit_count,
        coalesce(units.outcome_count, 0) - coalesce(done.outcome_count, 0) as other_outcome_count
    from {{ ref('int_snapshot_combinations') }} as combinations
    cross join outcomes
    cross join behaviors
    left join {{ ref('int_behavior_counts') }} as units
        on
            combinations.unit_type = units.unit_type
            and outcomes.outcome = units.outcome
            and combinations.snapshot_set = units.snapshot_set
            and units.behavior_id is null
    left join {{ ref('int_behavior_counts') }} as done
        on
            combinations.unit_type = done.unit_type
            and outcomes.outcome = done.outcome
            and combinations.snapshot_set = done.snapshot_set
            and behaviors.behavior_id = done.behavior_id
    where combinations.snapshot_age_days = {{ snapshot_ages()[0] }}

),

rates as (

    select
        *,
        {{ rate_with_interval('done_rate', 'done_outcome_count', 'done_unit_count') }},
        {{ rate_with_interval('other_rate', 'other_outcome_count', 'other_unit_count') }},
        case
            when done_unit_count > 0 and other_unit_count > 0 and outcome_count > 0
                then
                    {{ rate('done_outcome_count', 'done_unit_count') }}
                    / {{ rate('outcome_count', 'unit_count') }}
        end as lift,
        {{ odds_ratio_with_interval(
            'done_outcome_count', 'done_unit_count', 'other_outcome_count', 'other_unit_count'
        ) }}
    from counts

),

early_behavior_value as (

    select
        unit_type,
        outcome,
        snapshot_set,
        behavior_id,
        done_unit_count,
        done_outcome_count,
        done_rate,
        done_rate_ci_lower,
        done_rate_ci_upper,
        other_unit_count,
        other_outcome_count,
        other_rate,
        other_rate_ci_lower,
        other_rate_ci_upper,
        lift,
        odds_ratio,
        odds_ratio_ci_lower,
        odds_ratio_ci_upper,
        coalesce(
            {{ rounded('lift', 9) }} >= {{ rounded(var('candidate_lift'), 9) }}
            and odds_ratio_ci_lower > 1,
            false
        ) as is_predictive,
        weight
    from rates

)

select *
from early_behavior_value
