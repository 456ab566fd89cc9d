{#- Do the weights and bands say what they seem to say? -#}
with

milestones as (

    select
        path,
        milestone_id,
        weight,
        is_required
    from {{ ref('stg_milestones') }}

),

all_weights as (

    select
        count(*) as row_count,
        coalesce(sum(weight), 0) as weight_sum,
        min(milestone_id) as example
    from milestones

),

path_weights as (

    select
        path,
        count(*) as row_count,
        sum(weight) as weight_sum,
        min(milestone_id) as example
    from milestones
    where is_required
    group by path

),

qualified_bands as (

    select min(lower_bound) as lower_bound
    from {{ ref('stg_pql_bands') }}
    where scheme = 'milestone_share' and is_qualified

),

int_scoring_warnings as (

    select
        'weights_not_one' as warning_id,
        'milestones' as table_name,
        'weight' as subject,
        row_count,
        cast(null as {{ engine_type('double') }}) as row_rate,
        example,
        case
            when row_count = 0
                then
                    'milestones.csv has no row, so nobody can activate: '
                    || 'add your milestones.'
            else
                'The weights of the ' || {{ as_text('row_count') }} || ' milestones sum to '
                || {{ decimal_text('weight_sum') }}
                || ', not to 1, so scores and bands do not fit each other. Usually a milestone was '
                || 'added or deleted: edit the column weight of milestones.csv.'
        end as message
    from all_weights
    where weight_sum <> 1
    union all
    select
        'pql_is_activation' as warning_id,
        'pql_bands' as table_name,
        path_weights.path as subject,
        path_weights.row_count,
        cast(null as {{ engine_type('double') }}) as row_rate,
        path_weights.example,
        'Every activated user is a lead by construction: what the path '
        || {{ shown('path_weights.path') }} || ' requires, such as '
        || {{ shown('path_weights.example') }} || ', weighs '
        || {{ decimal_text('100 * path_weights.weight_sum') }}
        || ' % alone, and a lead needs '
        || {{ decimal_text('qualified_bands.lower_bound') }}
        || ' %. Usually the bound is too low: raise lower_bound of the qualified band in '
        || 'pql_bands.csv.'
            as message
    from path_weights
    cross join qualified_bands
    where 100 * path_weights.weight_sum >= qualified_bands.lower_bound

)

select *
from int_scoring_warnings
