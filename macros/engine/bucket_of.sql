{#- One of 128 buckets for a hash from hash_of: it parts a large comparison into parallel ones. -#}
{% macro bucket_of(hash) -%}
    {{ return(adapter.dispatch('bucket_of')(hash)) }}
{%- endmacro %}

{% macro default__bucket_of(hash) -%}
    ({{ hash }} & 127)
{%- endmacro %}

{#- The hash has no sign here. -#}
{% macro snowflake__bucket_of(hash) -%}
    mod({{ hash }}, 128)
{%- endmacro %}
