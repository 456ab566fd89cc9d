{#- What was wrong with the data or the settings of this build?
    A warning is added as a model above; the id goes to build_warnings.yml. Where the var
    fail_on_warnings names a warning that is here, the build stops before its marts. -#}
{{ config(post_hook="{{ stop_on_warnings() }}") }}

{%- set groups = [
    ref('int_rule_warnings'),
    ref('int_lost_warnings'),
    ref('int_unknown_user_warnings'),
    ref('int_shared_id_warnings'),
    ref('int_user_row_warnings'),
    ref('int_signup_warnings'),
    ref('int_signup_source_warnings'),
    ref('int_segment_warnings'),
    ref('int_amplitude_warnings'),
    ref('int_ga4_warnings'),
    ref('int_mixpanel_warnings'),
    ref('int_posthog_warnings'),
    ref('int_newest_instant_warnings'),
    ref('int_definition_warnings'),
    ref('int_property_warnings'),
    ref('int_date_only_warnings'),
    ref('int_scoring_warnings'),
    ref('int_invitation_warnings'),
] -%}
with

warnings as (

    {% for group in groups -%}
    select
        warning_id,
        table_name,
        subject,
        row_count,
        row_rate,
        example,
        message
    from {{ group }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {%- endfor %}

),

int_build_warnings as (

    select
        cast(warning_id as {{ dbt.type_string() }}) as warning_id,
        cast(table_name as {{ dbt.type_string() }}) as table_name,
        cast(subject as {{ dbt.type_string() }}) as subject,
        cast(row_count as bigint) as row_count,
        row_rate,
        cast(example as {{ dbt.type_string() }}) as example,
        message
    from warnings

)

select *
from int_build_warnings
