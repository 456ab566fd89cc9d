{#- Which milestone, reached in the first week, leads to others later?
    Read: one row per pair with enough data, what is surest first. difference says how much likelier the
    second milestone is after the first one (95 % interval, Newcombe's). reverse is the verdict of the
    opposite direction: where only one way is likelier, try to bring users to the first milestone
    earlier. possible_users is how many more would have reached the second one if the users without the
    first had done so as often as those with it.
    Pitfall: possible_users is a bound, not a forecast: keen users reach both. Pairs that are
    no_difference_shown may differ all the same: look at the interval, and wait for more users. -#}
with

pairs as (

    select
        milestone_id,
        next_milestone_id,
        done_user_count,
        not_done_user_count,
        reached_if_done_rate,
        reached_if_not_done_rate,
        rate_difference,
        rate_difference_ci_lower,
        rate_difference_ci_upper,
        q_value,
        verdict
    from {{ ref('milestone_dependence') }}

),

milestones_that_lead_to_others as (

    select
        pairs.milestone_id as first_milestone,
        pairs.next_milestone_id as second_milestone,
        pairs.done_user_count as with_first_user_count,
        pairs.not_done_user_count as without_first_user_count,
        cast(pairs.reached_if_done_rate as decimal(9, 3)) as rate_with_first,
        cast(pairs.reached_if_not_done_rate as decimal(9, 3)) as rate_without_first,
        {{ rounded_rate('pairs.rate_difference', 'difference') }},
        pairs.verdict,
        opposites.verdict as reverse,
        cast(
            pairs.not_done_user_count * greatest(pairs.rate_difference, 0) as decimal(18, 0)
        ) as possible_users,
        pairs.q_value
    from pairs
    inner join pairs as opposites
        on
            pairs.milestone_id = opposites.next_milestone_id
            and pairs.next_milestone_id = opposites.milestone_id
    where pairs.verdict <> 'not_enough_data'

)

select
    first_milestone,
    second_milestone,
    with_first_user_count,
    without_first_user_count,
    rate_with_first,
    rate_without_first,
    difference,
    difference_ci_lower,
    difference_ci_upper,
    verdict,
    reverse,
    possible_users
from milestones_that_lead_to_others
order by q_value asc, first_milestone asc, second_milestone asc
