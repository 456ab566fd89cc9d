{#- What was each unit's score on each day, in which band, and was the unit a lead?
    A unit becomes a lead at the entry bound and stays one down to the exit bound: the last score that is not
    between the two decides. -#}
with

bands as (

    select
        scheme,
        band,
        lower_bound,
        next_lower_bound,
        recommended_action,
        is_qualified,
        is_lowest
    from {{ ref('stg_pql_bands') }}

),

decided_steps as (

    -- Odd where the score decides for a lead, even where against.
    select
        steps.unit_type,
        steps.unit_key,
        steps.scheme,
        steps.valid_from_date,
        steps.score,
        lead(steps.valid_from_date) over (
            partition by steps.unit_type, steps.unit_key, steps.scheme
            order by steps.valid_from_date
        ) as valid_until_date,
        {{ running(
            'max(case when steps.score >= bounds.entry_bound then '
            ~ '2 * ' ~ days_between("cast('1970-01-01' as date)", 'steps.valid_from_date') ~ ' + 1 '
            ~ 'when steps.score < bounds.exit_bound then '
            ~ '2 * ' ~ days_between("cast('1970-01-01' as date)", 'steps.valid_from_date') ~ ' end)',
            ['steps.unit_type', 'steps.unit_key', 'steps.scheme'], 'steps.valid_from_date'
        ) }} as last_decision
    from {{ ref('int_score_steps') }} as steps
    left join {{ ref('int_lead_bounds') }} as bounds on steps.scheme = bounds.scheme

),

int_score_history as (

    select
        steps.unit_type,
        steps.unit_key,
        steps.scheme,
        steps.valid_from_date,
        steps.valid_until_date,
        steps.valid_until_date is null as is_latest,
        steps.score,
        case
            when steps.scheme <> 'points'
                then cast(greatest(least(steps.score, 100), 0) as {{ engine_type('double') }})
            when highest.highest_points > 0
                then
                    least(
                        100 * cast(greatest(steps.score, 0) as {{ engine_type('double') }})
                        / cast(highest.highest_points as {{ engine_type('double') }}),
                        100
                    )
        end as normalized_score,
        bands.band,
        bands.recommended_action,
        coalesce(bands.is_qualified, false) as is_qualified,
        coalesce(mod(steps.last_decision, 2) = 1, false) as is_lead
    from decided_steps as steps
    cross join {{ ref('int_highest_points') }} as highest
    left join bands
        on
            -- An equality, too, without which BigQuery makes no left join.
            steps.scheme = bands.scheme
            and (bands.is_lowest or steps.score >= bands.lower_bound)
            and (bands.next_lower_bound is null or steps.score < bands.next_lower_bound)

)

select *
from int_score_history
