{#- The places of what PostHog's $groupidentify says of an account, for vendor_rows. Each key has a value of its
    own: a name that was set later does not replace account_name. -#}
{% macro posthog_account_places() -%}
    {%- set before = 'properties.$group_set.' -%}
    {%- set places = account_places(before) -%}
    {%- do places.texts.update({'account_name': before ~ 'account_name', 'other_name': before ~ 'name'}) -%}
    {{ return(places) }}
{%- endmacro %}
