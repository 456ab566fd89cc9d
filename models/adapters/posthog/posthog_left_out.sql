{#- Which rows of a PostHog export are left out, and why? -#}
{%- set cut = observed_until() -%}
with

persons_left_out as (

    select
        person_created_at,
        case when is_deleted then 'person_deleted' else 'person_not_identified' end as decision
    from {{ ref('posthog_persons') }}
    where
        (is_deleted or not is_identified)
        and {{ 'coalesce(person_created_at <= ' ~ cut ~ ', true)' if cut else '1 = 1' }}

),

posthog_left_out as (

    {{ events_left_out(ref('posthog_rows')) }}
    union all
    select
        'users' as table_name,
        decision,
        person_created_at as seen_at
    from persons_left_out

)

select *
from posthog_left_out
