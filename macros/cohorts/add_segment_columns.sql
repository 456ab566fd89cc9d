{#- Adds columns for segment types that are not shipped to the contract of the mart users, because its
    yml can't know them. It runs in a pre-hook, before dbt makes the table by the contract.

    seed: ref('segments'). -#}
{% macro add_segment_columns(seed) -%}
    {%- for segment in segment_rows(seed) if segment.segment_type not in model['columns'] -%}
        {%- do model['columns'].update({segment.segment_type: {
            'name': segment.segment_type,
            'data_type': 'string',
            'description': 'Segment type of segments.csv: the column ' ~ segment.source_column ~ ' of '
                ~ segment.source_table ~ '.',
            'constraints': [],
            'quote': true,
        }}) -%}
    {%- endfor -%}
{%- endmacro %}
