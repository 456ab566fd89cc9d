{#- Which definitions match nothing, and what do they probably mean? -#}
with

removed_events as (

    select
        event_name,
        removed_by as rule_name,
        {{ sum_as_bigint('row_count') }} as row_count,
        row_number() over (
            partition by event_name order by sum(row_count) desc, removed_by asc
        ) as place
    from {{ ref('int_event_counts') }}
    where removed_by is not null and event_name is not null
    group by event_name, removed_by

),

user_examples as (

    select min(user_id) as user_id
    from {{ ref('int_users') }}

),

unmatched_values as (

    select
        unmatched.table_name,
        unmatched.column_name,
        unmatched.kind,
        unmatched.value_name,
        nearest.near_name,
        removed_events.rule_name,
        removed_events.row_count as removed_count,
        user_examples.user_id,
        case
            when unmatched.kind in ('event', 'user_id', 'segment_type')
                then unmatched.value_name
            else unmatched.kind || ' = ' || unmatched.value_name
        end as subject
    from {{ ref('int_unmatched_values') }} as unmatched
    cross join user_examples
    left join {{ ref('int_nearest_spellings') }} as nearest
        on
            unmatched.kind = nearest.kind
            and unmatched.value_name = nearest.value_name
    left join removed_events
        on
            unmatched.kind = 'event'
            and unmatched.value_name = removed_events.event_name
            and removed_events.place = 1

),

int_definition_warnings as (

    select
        'definition_matches_nothing' as warning_id,
        table_name,
        subject,
        cast(0 as bigint) as row_count,
        cast(null as {{ engine_type('double') }}) as row_rate,
        near_name as example,
        table_name || '.csv names '
        || case
            when kind = 'event' then 'the event '
            when kind = 'user_id' then 'the user '
            when kind = 'segment_type' then 'the segment type '
            else 'the ' || kind || ' '
        end
        || {{ shown('value_name') }} || ', and '
        || case
            when rule_name is not null
                then
                    'no event of this name counts: the rule ' || rule_name || ' removed '
                    || {{ as_text('removed_count') }} || ' of them. Fix what it removes '
                    || '(docs/numbers/quality.md), and leave the name.'
            when near_name is not null
                then
                    'nothing in your data is called that; ' || {{ shown('near_name') }}
                    || ' is. If you mean it, write it into the column ' || column_name || '.'
            when kind = 'event'
                then
                    'no event that counts has this name. Usually your product calls it otherwise: '
                    || 'write '
                    || 'its name into the column ' || column_name
                    || '. If nobody has done it yet, leave it.'
            when kind = 'user_id'
                then
                    'this excludes no user and no event. Usually it is an e-mail address or an id '
                    || 'of another system: write the id that users has'
                    || coalesce(', such as ' || {{ shown('user_id') }}, '') || ', into the '
                    || 'column user_id.'
            when kind = 'segment_type'
                then
                    'no row that counts has a value in its column, so every user is unknown. '
                    || 'Usually the column is empty, or the table is absent: name another one in '
                    || 'source_table and source_column, or delete the row.'
            else
                'no user that counts has it. Usually your product has other values: write one of '
                || 'them into the column user_value, or delete the row.'
        end as message
    from unmatched_values

)

select *
from int_definition_warnings
