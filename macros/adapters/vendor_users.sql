{#- A query of the users of a vendor's export in the columns of the raw users, with the source of their
    signup: a trait, the signup event (var signup_event), the vendor's own time, or the user's first
    row, if it is late enough after the export begins (var unknown_signup_days). Else the signup is
    unknown.

    All arguments are names of relations.
    ids: user_id of every user; it may repeat.
    states: as latest_traits reads it.
    events: user_id, event_name, occurred_at of a user's own events.
    export_events: user_id, anonymous_id, event_name, occurred_at of all events; none to use events.
    first_rows: user_id and occurred_at of rows that show that a user was there; none to use events.
    vendor_times: user_id and first_seen_at, the vendor's own time; none if there is no such time.
    install_source: a column of vendor_times to use after all traits; none if there is no such column. -#}
{% macro vendor_users(
    ids, states, events, export_events=none, first_rows=none, vendor_times=none, install_source=none
) -%}
    {%- set text = dbt.type_string() -%}
    select
        user_id,
        {{ first_trait('account_id', last='group_id') }} as account_id,
        coalesce(trait_at, signup_event_at, vendor_at, first_seen_at) as created_at,
        {{ first_trait('plan_tier') }} as plan_tier,
        {{ first_trait('install_source', last='vendor_install_source') }} as install_source,
        {{ first_trait('invited_by') }} as invited_by,
        {% for column in segment_traits() -%}
        segment_trait_{{ loop.index }} as {{ quoted_column(column) }},
        {% endfor -%}
        cast(null as timestamp) as updated_at,
        cast(null as timestamp) as received_at,
        case
            when trait_at is not null then 'trait'
            when signup_event_at is not null then 'signup_event'
            when vendor_at is not null then 'vendor'
            when first_seen_at is not null then 'first_seen'
            else 'unknown'
        end as signup_found_by,
        {{ no_text('file_name') }},
        cast(0 = 1 as boolean) as is_unreadable
    from (
        select
            ids.user_id,
            traits.group_id,
            {% for column in trait_columns() -%}
            traits.{{ column }},
            {% endfor -%}
            {{ 'vendor_times.' ~ install_source if install_source else 'cast(null as ' ~ text ~ ')' }}
                as vendor_install_source,
            {{ first_trait('created_at', relation='traits') }} as trait_at,
            signups.signup_event_at,
            {{ 'vendor_times.first_seen_at' if vendor_times else 'cast(null as timestamp)' }} as vendor_at,
            case
                when first_rows.first_row_at >= {{ dateadd('day', var('unknown_signup_days'), 'export_begin.begins_at') }}
                    then first_rows.first_row_at
            end as first_seen_at
        from (select distinct user_id from {{ ids }} where user_id is not null) as ids
        left join ({{ latest_traits(states) }}) as traits on ids.user_id = traits.user_id
        left join (
            select user_id, min(occurred_at) as signup_event_at
            from {{ events }}
            where {{ is_signup_event('event_name') }} and user_id is not null
            group by user_id
        ) as signups on ids.user_id = signups.user_id
        left join (
            select user_id, min(occurred_at) as first_row_at
            from {{ first_rows or events }}
            where user_id is not null
            group by user_id
        ) as first_rows on ids.user_id = first_rows.user_id
        {% if vendor_times -%}
        left join {{ vendor_times }} as vendor_times on ids.user_id = vendor_times.user_id
        {% endif -%}
        cross join ({{ begin_of_export(export_events or events) }}) as export_begin
    ) as users
{%- endmacro %}

{#- A query of the time at which an export begins: the time of the event one thousandth of the way
    through, so that one wrong clock does not move it. -#}
{% macro begin_of_export(events) -%}
    select min(occurred_at) as begins_at
    from (
        select
            occurred_at,
            row_number() over (order by occurred_at) as place,
            count(*) over () as event_count
        from {{ events }}
        where
            (user_id is not null or anonymous_id is not null)
            and event_name is not null
            and occurred_at is not null
    ) as placed_events
    where place * 1000 >= event_count
{%- endmacro %}

{#- A query of the rows that can't be read in tables that make users, in the columns of vendor_users.

    tables: names of relations from vendor_rows. -#}
{% macro unreadable_users(tables) -%}
    {% for table in tables -%}
    select
        {{ no_text('user_id') }},
        {{ no_text('account_id') }},
        cast(null as timestamp) as created_at,
        {% for column in ['plan_tier', 'install_source', 'invited_by'] + segment_traits() -%}
        {{ no_text(quoted_column(column)) }},
        {% endfor -%}
        cast(null as timestamp) as updated_at,
        cast(null as timestamp) as received_at,
        {{ no_text('signup_found_by') }},
        file_name,
        is_unreadable
    from {{ table }}
    where is_unreadable
    {{ 'union all' if not loop.last }}
    {% endfor -%}
{%- endmacro %}

{#- A condition: an event is a signup; the var signup_event has their names.

    name: an SQL expression. -#}
{% macro is_signup_event(name) -%}
    {{ name }} in ('{{ var('signup_event') | map('replace', "'", "''") | join("', '") }}')
{%- endmacro %}
