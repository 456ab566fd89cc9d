{#- A text that changes whenever the code that fills a model does: its own SQL, that of the models of this
    project that it is built on, and that of the macros that they call. Comments and spaces don't count. -#}
{% macro code_version(node) -%}
    {%- set macros = context['plg_analytics'] -%}
    {%- set comment = '(?s)\\{#.*?#\\}|--[^\\n]*' -%}
    {%- set codes = {} -%}
    {#- This list grows while it is read. -#}
    {%- set names = [node.unique_id] -%}
    {%- for name in names -%}
        {%- if name in graph.nodes -%}
            {%- set code = graph.nodes[name].raw_code -%}
            {%- for source_id in graph.nodes[name].depends_on.nodes -%}
                {%- set is_ours = source_id.startswith('model.plg_analytics.') -%}
                {%- do names.append(source_id) if is_ours and source_id not in names -%}
            {%- endfor -%}
        {%- else -%}
            {%- set code = macros[name].macro.macro_sql -%}
        {%- endif -%}
        {%- set words = modules.re.sub(comment, ' ', code).split() -%}
        {%- do codes.update({name: words | join(' ')}) -%}
        {%- for called in modules.re.findall('(\\w+)\\(', codes[name]) | unique -%}
            {#- With what the engines have in its place. -#}
            {%- for macro_name in macros if macro_name == called or macro_name.endswith('__' ~ called) -%}
                {%- do names.append(macro_name) if macro_name not in names -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(local_md5(tojson(codes, sort_keys=true))) }}
{%- endmacro %}
