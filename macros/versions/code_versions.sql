{#- For each of the nodes, a text that changes whenever the code that fills it does: its own SQL, that of the
    models of this project that it is built on, and that of the macros that they call. Comments and spaces
    don't count. Returns a dict from the node's name to that text. -#}
{% macro code_versions(nodes) -%}
    {%- set macros = context['plg_analytics'] -%}
    {%- set comment = modules.re.compile('(?s)\\{#.*?#\\}|--[^\\n]*') -%}
    {%- set call = modules.re.compile('(\\w+)\\(') -%}
    {#- A call of a dispatched macro calls the versions of all engines. -#}
    {%- set called_by = {} -%}
    {%- for macro_name in macros -%}
        {%- do called_by.setdefault(macro_name.split('__')[-1], []).append(macro_name) -%}
        {%- do called_by.setdefault(macro_name, [macro_name]) -%}
    {%- endfor -%}
    {%- set codes, readings, versions = {}, {}, {} -%}
    {%- for node in nodes -%}
        {#- This list grows while it is read. -#}
        {%- set names = [node.unique_id] -%}
        {%- for name in names -%}
            {%- if name not in codes -%}
                {%- set code = graph.nodes[name].raw_code if name in graph.nodes else macros[name].macro.macro_sql -%}
                {%- set words = comment.sub(' ', code).split() -%}
                {%- do codes.update({name: words | join(' ')}) -%}
                {%- set reads = [] -%}
                {%- for called in call.findall(codes[name]) if called in called_by -%}
                    {%- do reads.extend(called_by[called]) -%}
                {%- endfor -%}
                {%- if name in graph.nodes -%}
                    {%- for source_id in graph.nodes[name].depends_on.nodes -%}
                        {%- do reads.append(source_id) if source_id.startswith('model.plg_analytics.') -%}
                    {%- endfor -%}
                {%- endif -%}
                {%- do readings.update({name: reads | unique | list}) -%}
            {%- endif -%}
            {%- for read in readings[name] if read not in names -%}
                {%- do names.append(read) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- set texts = [] -%}
        {%- for name in names | sort -%}
            {%- do texts.append(codes[name]) -%}
        {%- endfor -%}
        {%- do versions.update({node.name: local_md5(texts | join('\n'))}) -%}
    {%- endfor -%}
    {{ return(versions) }}
{%- endmacro %}
