{#- The rules that can remove rows of each raw table, in their order. removed_by in the models
    int_..._classified has the rule that removed a row; int_events_repeated applies duplicate_event. -#}
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
        'subscriptions': [
            'unreadable_row', 'missing_key', 'future_event', 'excluded_user', 'unknown_user', 'bad_value',
            'empty_period', 'duplicate_subscription',
        ],
    }) }}
{%- endmacro %}
