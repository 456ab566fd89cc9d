{#- Which early behaviour of the older users goes with staying so well that newer users should
    confirm it?
    By strength; phi is rounded, so that engines agree on ties. -#}
with

train_tests as (

    select
        event_name,
        window_days,
        min_count,
        p_value,
        {{ rounded('phi', 12) }} as rounded_phi
    from {{ ref('int_discovery_tests') }}
    where sample_name = 'train'

),

tests as (

    {{ with_q_values('train_tests') }}

),

int_discovery_candidates as (

    select
        event_name,
        window_days,
        min_count,
        cast(
            row_number() over (
                order by rounded_phi desc, window_days asc, min_count asc, event_name asc
            ) as bigint
        ) as candidate_rank
    from tests
    where q_value < {{ var('significance_level') }} and rounded_phi >= 0.2

)

select *
from int_discovery_candidates
