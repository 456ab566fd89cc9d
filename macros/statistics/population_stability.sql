{#- What one bin adds to the population stability index: (share - reference share) times the logarithm of
    their quotient. Half a unit is added to each count, so that an empty bin has a logarithm. As a decimal,
    so that a sum does not depend on the order of the bins.
    units, all_units: the units in the bin, and in all bins.
    reference_units, all_reference_units: those of the reference.
    bins: the number of bins. -#}
{% macro stability_of_bin(units, all_units, reference_units, all_reference_units, bins) -%}
    {%- set double = engine_type('double') -%}
    {%- set share -%}
        ((cast({{ units }} as {{ double }}) + 0.5) / ({{ all_units }} + 0.5 * {{ bins }}))
    {%- endset -%}
    {%- set reference_share -%}
        ((cast({{ reference_units }} as {{ double }}) + 0.5) / ({{ all_reference_units }} + 0.5 * {{ bins }}))
    {%- endset -%}
    cast(
        ({{ share }} - {{ reference_share }}) * ln({{ share }} / {{ reference_share }})
        as {{ engine_type('decimal(38, 15)') }}
    )
{%- endmacro %}
