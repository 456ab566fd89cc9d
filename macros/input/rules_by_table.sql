{#- The rules that can remove rows of each raw table, in their order. Each model int_..._classified says in
    removed_by which one took a row; duplicate_event is settled in int_events_repeated. -#}
{% macro rules_by_table() -%}
    {{ return({
        'users': [
            'unreadable_row', 'missing_key', 'future_event', 'duplicate_user', 'merged_user', 'excluded_user',
        ],
        'events': [
            'unreadable_row', 'missing_key', 'future_event', 'excluded_user', 'anonymous_event', 'unknown_user',
            'anonymous_before_signup', 'before_signup', 'duplicate_event',
        ],
        'aliases': [
            'unreadable_row', 'missing_key', 'future_event', 'illegal_alias', 'self_alias', 'duplicate_alias',
            'second_target', 'alias_cycle',
        ],
        'accounts': ['unreadable_row', 'missing_key', 'future_event', 'excluded_user', 'duplicate_account'],
    }) }}
{%- endmacro %}
