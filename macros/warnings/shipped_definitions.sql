{#- The rows of the definitions that are shipped, for definition_matches_nothing: each column as a
    literal, none where it is blank. `plg catalogue` writes this file from seeds/. -#}
{% macro shipped_definitions() -%}
    {{ return({
        'event_catalog': [
            {'event_name': "'user_signup'", 'is_meaningful': 'false'},
            {'event_name': "'email_opened'", 'is_meaningful': 'false'},
            {'event_name': "'notification_received'", 'is_meaningful': 'false'},
        ],
        'excluded_users': [
        ],
        'pql_signals': [
            {'signal_id': "'sign_up'", 'triggered_by_event': "'user_signup'", 'user_column': none, 'user_value': none, 'points': '1', 'max_count': '1'},
            {'signal_id': "'first_login'", 'triggered_by_event': "'user_login'", 'user_column': none, 'user_value': none, 'points': '2', 'max_count': '1'},
            {'signal_id': "'onboarding'", 'triggered_by_event': "'onboarding_completed'", 'user_column': none, 'user_value': none, 'points': '5', 'max_count': '1'},
            {'signal_id': "'first_invite'", 'triggered_by_event': "'invite_sent'", 'user_column': none, 'user_value': none, 'points': '10', 'max_count': '1'},
            {'signal_id': "'ten_active_users'", 'triggered_by_event': "'account_reached_ten_users'", 'user_column': none, 'user_value': none, 'points': '20', 'max_count': '1'},
            {'signal_id': "'paid_feature'", 'triggered_by_event': "'paid_feature_used'", 'user_column': none, 'user_value': none, 'points': '50', 'max_count': '1'},
            {'signal_id': "'email_open'", 'triggered_by_event': "'email_opened'", 'user_column': none, 'user_value': none, 'points': '2', 'max_count': '1'},
            {'signal_id': "'enterprise'", 'triggered_by_event': none, 'user_column': "'plan_tier'", 'user_value': "'enterprise'", 'points': '10', 'max_count': '1'},
        ],
        'segments': [
            {'segment_type': "'install_source'", 'source_table': "'users'", 'source_column': "'install_source'", 'max_values': '1000', 'bounds': none},
            {'segment_type': "'plan_tier'", 'source_table': "'users'", 'source_column': "'plan_tier'", 'max_values': '1000', 'bounds': none},
        ],
    }) }}
{%- endmacro %}
