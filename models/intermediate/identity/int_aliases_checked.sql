{#- Which aliases are sound, each by itself? -#}
with

aliases as (

    select
        file_name,
        is_unreadable,
        alias_id,
        user_id,
        aliased_at
    from {{ ref('stg_aliases') }}

),

int_aliases_checked as (

    select
        *,
        case
            when is_unreadable then 'unreadable_row'
            when alias_id is null or user_id is null then 'missing_key'
            when aliased_at > {{ credible_until() }} then 'future_event'
            when {{ is_no_id('alias_id') }} then 'illegal_alias'
            when alias_id = user_id then 'self_alias'
        end as failed_check
    from aliases

)

select *
from int_aliases_checked
