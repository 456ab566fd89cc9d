{#- Which events, users and attributes do the definitions name?
    A definition that is added here is looked at by definition_matches_nothing. -#}
with

named_values as (

    {{ named_values(ref('milestones'), 'milestones', 'triggered_by_event', "'event'") }}
    union all
    {{ named_values(ref('event_catalog'), 'event_catalog', 'event_name', "'event'") }}
    union all
    {{ named_values(ref('pql_signals'), 'pql_signals', 'triggered_by_event', "'event'") }}
    union all
    {{ named_values(ref('pql_signals'), 'pql_signals', 'user_value', 'user_column') }}
    union all
    {{ named_values(
        ref('propensity_behaviors'), 'propensity_behaviors', 'triggered_by_event', "'event'"
    ) }}
    union all
    {{ named_values(ref('playbooks'), 'playbooks', 'triggered_by_event', "'event'") }}
    union all
    {{ named_values(ref('funnels'), 'funnels', 'event_name', "'event'") }}
    union all
    {{ named_values(ref('funnel_exclusions'), 'funnel_exclusions', 'event_name', "'event'") }}
    union all
    {{ named_values(ref('segments'), 'segments', 'segment_type', "'segment_type'") }}
    union all
    {{ named_values(ref('stg_excluded_users'), 'excluded_users', 'user_id', "'user_id'") }}

),

int_named_values as (

    select
        table_name,
        column_name,
        kind,
        value_name
    from named_values
    where not is_shipped
    group by table_name, column_name, kind, value_name

)

select *
from int_named_values
