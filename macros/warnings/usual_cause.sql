{#- Why does a rule take many rows, most often, and what fixes it? One cause and one setting or column each, an
    SQL expression.

    table_name, rule_name, missing_column: columns of the rule's row.
    is_migration: an SQL condition; whether most signups are of one date.
    is_most: an SQL condition; whether the rule took most rows of the table. -#}
{% macro usual_cause(table_name, rule_name, missing_column, is_migration, is_most) -%}
    {%- set usual_causes = {
        'users unreadable_row': 'Usually a program wrote broken quotes or bytes: export the file again as UTF-8.',
        'events unreadable_row': 'Usually a program wrote broken quotes or bytes: export the file again as UTF-8.',
        'users future_event': 'Usually day and month were exchanged: write created_at as 2024-12-31 09:00:00, in UTC.',
        'events future_event': 'Usually local time was taken for UTC: write timestamp in UTC, or with its offset.',
        'users duplicate_user': 'Usually users is a dump a day or a log of changes: add the column updated_at, '
            ~ 'so that the newest row of a user stays.',
        'users merged_user': 'Usually these are old ids of people who have a new one, and all is well: raise the '
            ~ 'var removed_rows_warning; if not, look through the table aliases.',
        'aliases duplicate_alias': 'Usually each delivery holds all aliases, which does no harm: raise the var '
            ~ 'removed_rows_warning.',
        'aliases second_target': 'Usually a device is shared, or an id was given to another person: the first '
            ~ 'identification stays. If it is wrong, leave its row out, or write an earlier aliased_at.',
        'aliases illegal_alias': 'Usually a tool writes a word where it knows no id: leave these rows out.',
        'aliases self_alias': 'Usually the export lists all ids: leave these rows out.',
        'aliases alias_cycle': 'Two ids are aliases of each other: leave out the row of the older id.',
        'users excluded_user': 'Usually a list of test users holds customers: look through excluded_users.csv.',
        'events excluded_user': 'Usually these are bots or tests, and all is well: raise the var '
            ~ 'removed_rows_warning; if not, look through excluded_users.csv.',
        'events duplicate_event': 'Usually deliveries overlap, which does no harm. If you deliver each event once, '
            ~ 'event_id is not one per event: write an id of its own into it, or leave it empty.',
        'subscriptions future_event': 'Usually subscriptions that begin later are delivered already: leave them '
            ~ 'out until they begin.',
        'subscriptions excluded_user': 'Usually these are accounts of tests, and all is well: raise the var '
            ~ 'removed_rows_warning; if not, look through excluded_users.csv.',
        'subscriptions unknown_user': 'Usually the billing system has ids of its own: write the account_id or '
            ~ 'user_id of the product.',
        'subscriptions bad_value': 'Usually credits are among the subscriptions: leave out amounts below 0.',
        'subscriptions empty_period': 'Usually corrections are among the periods: leave out periods that end '
            ~ 'when they begin.',
        'subscriptions duplicate_subscription': 'Usually deliveries overlap, which does no harm: raise the var '
            ~ 'removed_rows_warning.',
    } -%}
    {%- set missing_causes = {
        'created_at': 'Usually it has a form of its own: write created_at as 2024-12-31 09:00:00.',
        'timestamp': 'Usually it has a form of its own: write timestamp as 2024-12-31 09:00:00.',
        'started_at': 'Usually it has a form of its own: write started_at as 2024-12-31 09:00:00.',
        'monthly_amount': 'Usually it has a sign of a currency or a comma: write monthly_amount as 29.00.',
        'event_name': 'Usually other records are among the events: leave out rows without an event_name.',
        'user_id': 'Usually these are visitors who have not signed up: write the id that they got later into '
            ~ 'user_id, or leave these rows out.',
    } -%}
    case ({{ table_name }} || ' ' || {{ rule_name }})
        {% for rule, cause in usual_causes.items() -%}
        when '{{ rule }}' then '{{ cause }}'
        {% endfor -%}
        when 'events unknown_user'
            then
                case
                    when {{ is_most }} then 'The warning unknown_users says why.'
                    else
                        'Usually the table users is older than the events or lacks deleted users: '
                        || 'export all users, after the events.'
                end
        when 'events before_signup'
            then
                case
                    when {{ is_migration }}
                        then
                            'Most users have one date of signup, usually that of a migration: write '
                            || 'the first signup into created_at.'
                    else
                        'Usually one of the tables is in local time: write created_at and '
                        || 'timestamp in UTC, or with their offset.'
                end
        else
            case {{ missing_column }}
                {% for column, cause in missing_causes.items() -%}
                when '{{ column }}' then '{{ cause }}'
                {% endfor -%}
                else 'The mart data_quality_by_rule says when they occurred.'
            end
    end
{%- endmacro %}
