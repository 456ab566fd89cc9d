{#- Which event, done early, is the best choice for an experiment on activation?
    Read: one row per journey event, with the window and the number of times that separate best those
    who stayed from those who left (the largest phi of older users). The recommended one comes first,
    then the other candidates by rank, then the rest by phi. newer_phi is the same of users who signed
    up later: where it is much smaller, the older users' phi was partly luck. possible_stayers is how
    many more of the older users would have stayed if those who did not do it stayed like those who
    did.
    Pitfall: possible_stayers is a bound, not a forecast: who did it meant to stay, and you can't give
    that to the others by a button. Within an event, the best of many cells is shown, so its phi
    flatters it; newer_phi does not. Where reach_rate is small, the event is for few, however well
    they stay. -#}
with

older_users as (

    select
        event_name,
        window_days,
        min_count,
        user_count,
        done_user_count,
        reach_rate,
        retention_if_done_rate,
        retention_if_not_done_rate,
        retention_difference,
        phi,
        candidate_rank,
        is_confirmed,
        is_recommended,
        row_number() over (
            partition by event_name
            order by
                candidate_rank asc nulls last,
                {{ rounded('phi', 12) }} desc nulls last,
                window_days asc,
                min_count asc
        ) as cell_rank
    from {{ ref('activation_event_candidates') }}
    where sample_name = 'train'

),

newer_users as (

    select
        event_name,
        window_days,
        min_count,
        phi,
        p_value
    from {{ ref('activation_event_candidates') }}
    where sample_name = 'confirm'

),

activation_event_to_try as (

    select
        older_users.event_name,
        older_users.window_days as within_days,
        older_users.min_count as at_least,
        older_users.done_user_count,
        cast(older_users.reach_rate as decimal(9, 3)) as reach_rate,
        cast(older_users.retention_if_done_rate as decimal(9, 3)) as stayed_if_done,
        cast(older_users.retention_if_not_done_rate as decimal(9, 3)) as stayed_if_not_done,
        cast(older_users.phi as decimal(9, 3)) as phi,
        cast(newer_users.phi as decimal(9, 3)) as newer_phi,
        cast(
            (older_users.user_count - older_users.done_user_count)
            * greatest(older_users.retention_difference, 0)
            as decimal(18, 0)
        ) as possible_stayers,
        case
            when older_users.is_recommended then 'recommended'
            when older_users.is_confirmed then 'confirmed by newer users'
            when older_users.candidate_rank is null then 'no candidate'
            when newer_users.p_value is null then 'too few newer users'
            else 'not confirmed'
        end as verdict,
        coalesce(older_users.candidate_rank, 1000000) as place
    from older_users
    inner join newer_users
        on
            older_users.event_name = newer_users.event_name
            and older_users.window_days = newer_users.window_days
            and older_users.min_count = newer_users.min_count
    where older_users.cell_rank = 1

)

select
    event_name,
    within_days,
    at_least,
    done_user_count,
    reach_rate,
    stayed_if_done,
    stayed_if_not_done,
    phi,
    newer_phi,
    possible_stayers,
    verdict
from activation_event_to_try
order by place asc, phi desc nulls last, event_name asc
