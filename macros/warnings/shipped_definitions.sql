{#- The rows of the definitions that are shipped, for definition_matches_nothing: each column as a
    literal, none where it is blank. `plg catalogue` writes this file from seeds/. -#}
{% macro shipped_definitions() -%}
    {{ return({
        'event_catalog': [
            {'event_name': "'user_signup'", 'is_meaningful': 'false'},
            {'event_name': "'email_opened'", 'is_meaningful': 'false'},
            {'event_name': "'notification_received'", 'is_meaningful': 'false'},
            {'event_name': "'limit_hit'", 'is_meaningful': 'false'},
            {'event_name': "'prompt_viewed'", 'is_meaningful': 'false'},
            {'event_name': "'error_shown'", 'is_meaningful': 'false'},
            {'event_name': "'rage_click'", 'is_meaningful': 'false'},
        ],
        'excluded_users': [
        ],
        'funnel_exclusions': [
            {'funnel_id': "'upgrade'", 'event_name': "'sales_contacted'", 'property_key': none, 'property_operator': none, 'property_value': none, 'from_step': none, 'to_step': none},
        ],
        'funnels': [
            {'funnel_id': "'activation'", 'step_number': '1', 'step_name': "'Signed up'", 'event_name': none, 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': none, 'timeframe': "'14d'"},
            {'funnel_id': "'activation'", 'step_number': '2', 'step_name': "'Logged in'", 'event_name': "'user_login'", 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': none, 'timeframe': "'14d'"},
            {'funnel_id': "'activation'", 'step_number': '3', 'step_name': "'Finished onboarding'", 'event_name': "'onboarding_completed'", 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': 'true', 'timeframe': "'14d'"},
            {'funnel_id': "'activation'", 'step_number': '4', 'step_name': "'Invited'", 'event_name': "'invite_sent'", 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': none, 'timeframe': "'14d'"},
            {'funnel_id': "'activation'", 'step_number': '5', 'step_name': "'Created a document'", 'event_name': "'document_created'", 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': none, 'timeframe': "'14d'"},
            {'funnel_id': "'upgrade'", 'step_number': '1', 'step_name': "'Hit a limit'", 'event_name': "'limit_hit'", 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': none, 'timeframe': "'7d'"},
            {'funnel_id': "'upgrade'", 'step_number': '2', 'step_name': "'Saw the prompt'", 'event_name': "'prompt_viewed'", 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': none, 'timeframe': "'7d'"},
            {'funnel_id': "'upgrade'", 'step_number': '3', 'step_name': "'Clicked upgrade'", 'event_name': "'upgrade_clicked'", 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': none, 'timeframe': "'7d'"},
            {'funnel_id': "'upgrade'", 'step_number': '4', 'step_name': "'Started a subscription'", 'event_name': "'subscription_started'", 'property_key': none, 'property_operator': none, 'property_value': none, 'is_optional': none, 'timeframe': "'7d'"},
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
