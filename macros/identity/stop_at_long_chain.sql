{#- Stops a build in which more than 64 links lead from an id to its person.

    identities: int_identities. -#}
{% macro stop_at_long_chain(identities) -%}
    {%- if execute -%}
        {%- set first = run_query(
            'select min(user_id) from ' ~ identities ~ ' where is_chain_too_long'
        ).rows[0][0] -%}
        {%- if first is not none -%}
            {{ exceptions.raise_compiler_error(
                "aliases: a chain of more than 64 links begins at the id '" ~ first ~ "'; let aliases name "
                ~ "the person's id itself as user_id, or fewer ids between the two."
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
