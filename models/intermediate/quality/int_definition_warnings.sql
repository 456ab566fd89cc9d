{#- Which definitions match nothing, and what do they probably mean? -#}
with

unmatched_values as (

    select
        unmatched.table_name,
        unmatched.column_name,
        unmatched.kind,
        unmatched.value_name,
        nearest.near_name,
        case
            when unmatched.kind in ('event', 'user_id') then unmatched.value_name
            else unmatched.kind || ' = ' || unmatched.value_name
        end as subject
    from {{ ref('int_unmatched_values') }} as unmatched
    left join {{ ref('int_nearest_spellings') }} as nearest
        on
            unmatched.kind = nearest.kind
            and unmatched.value_name = nearest.value_name

),

user_examples as (

    select min(user_id) as user_id
    from {{ ref('int_users') }}

),

int_definition_warnings as (

    select
        'definition_matches_nothing' as warning_id,
        unmatched_values.table_name,
        unmatched_values.subject,
        cast(0 as bigint) as row_count,
        cast(null as {{ engine_type('double') }}) as row_rate,
        unmatched_values.near_name as example,
        case unmatched_values.kind
            when 'event' then 'No event that counts is named '
            when 'user_id' then 'No user or event has the user_id '
            else 'No user that counts has the ' || unmatched_values.kind || ' '
        end
        || {{ shown('unmatched_values.value_name') }} || ', which ' || unmatched_values.table_name
        || '.csv names. '
        || case
            when unmatched_values.near_name is not null
                then
                    {{ shown('unmatched_values.near_name') }}
                    || ' occurs: if you mean that, write it into the column '
                    || unmatched_values.column_name || '.'
            when unmatched_values.kind = 'event'
                then
                    'Usually your product has another name for it: write that into the column '
                    || unmatched_values.column_name || '. If nobody has done it yet, all is well.'
            when unmatched_values.kind = 'user_id'
                then
                    'Usually this is an e-mail address or an id of another system: write the id as in '
                    || 'users' || coalesce(', such as ' || {{ shown('user_examples.user_id') }}, '')
                    || ', into the column user_id.'
            else
                'Usually your product has other values: write one of them into the column user_value, or '
                || 'delete the row.'
        end as message
    from unmatched_values
    cross join user_examples

)

select *
from int_definition_warnings
