{#- Does a device without a person count as a user of its own? The environment variable
    PLG_ANONYMOUS_USERS says so, for a product without login. Each build reads it, so dbt need not parse
    the project again. Error: a compiler error if it is neither true nor false. -#}
{% macro has_anonymous_users() -%}
    {%- set given = env_var('PLG_ANONYMOUS_USERS', '') | trim | lower -%}
    {%- if given not in ('', 'true', 'false') -%}
        {{ exceptions.raise_compiler_error(
            "PLG_ANONYMOUS_USERS is '" ~ given ~ "'; write true or false."
        ) }}
    {%- endif -%}
    {{ return(given == 'true') }}
{%- endmacro %}
