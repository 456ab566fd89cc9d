{#- What the var fail_on_warnings does: a build with one of the warnings that it names ends before its marts. -#}

{#- The ids that fail_on_warnings names, `all` among them perhaps.

    Error: a compiler error where it is no list of ids. -#}
{% macro failing_warnings() -%}
    {%- set given = var('fail_on_warnings') or [] -%}
    {%- set given = [given] if given is string else given -%}
    {%- if execute -%}
        {%- set mart = graph.nodes['model.plg_analytics.build_warnings'] -%}
        {%- set known = mart.config.meta.accepted_values.warning_id -%}
        {%- for name in given if name != 'all' and name not in known -%}
            {{ exceptions.raise_compiler_error(
                "The var fail_on_warnings names '" ~ name ~ "', and there is no such warning; write all, or "
                ~ 'a list of: ' ~ known | join(', ') ~ '.'
            ) }}
        {%- endfor -%}
    {%- endif -%}
    {{ return(given) }}
{%- endmacro %}

{#- Before each mart: the mart waits for the warnings where one of them may stop the build. Empty otherwise, so
    that a mart can be built without them. -#}
{% macro wait_for_warnings() -%}
    {%- if failing_warnings() -%}
        {%- do ref('plg_analytics', 'int_build_warnings') -%}
    {%- endif -%}
{%- endmacro %}

{#- After int_build_warnings: an error with the messages of the warnings that stop this build. -#}
{% macro stop_on_warnings() -%}
    {%- set failing = failing_warnings() -%}
    {%- if execute and failing -%}
        {%- set messages = [] -%}
        {%- for id, message in warning_messages(this) if 'all' in failing or id in failing -%}
            {%- do messages.append('- ' ~ id ~ ': ' ~ message) -%}
        {%- endfor -%}
        {%- if messages -%}
            {{ exceptions.raise_compiler_error(
                'The var fail_on_warnings stops the build before its marts:\n' ~ messages | join('\n')
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- The warnings of a table, as pairs of id and message. -#}
{% macro warning_messages(warnings) -%}
    {%- call statement('warning_messages', fetch_result=true) -%}
        select
            warning_id,
            message
        from {{ warnings }}
        order by warning_id, table_name, subject
    {%- endcall -%}
    {{ return(load_result('warning_messages').table.rows) }}
{%- endmacro %}

{#- At the end of a run that has built the mart build_warnings: says its messages, at most five of a kind.
    plg/dbt.py knows them by their first line, and `plg build` shows them with its result instead. -#}
{% macro show_warnings() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- for result in results
            if result.node.unique_id == 'model.plg_analytics.build_warnings' and result.status == 'success' -%}
            {%- set lines, counts = ['Warnings about data and settings (mart build_warnings):'], {} -%}
            {%- for id, message in warning_messages(result.node.relation_name) -%}
                {%- do counts.update({id: counts.get(id, 0) + 1}) -%}
                {%- do lines.append('- ' ~ id ~ ': ' ~ message) if counts[id] <= 5 -%}
            {%- endfor -%}
            {%- for id, count in counts.items() if count > 5 -%}
                {%- do lines.append('- ' ~ id ~ ': ' ~ (count - 5) ~ ' more, in the mart.') -%}
            {%- endfor -%}
            {%- do log(lines | join('\n'), info=true) if counts -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
