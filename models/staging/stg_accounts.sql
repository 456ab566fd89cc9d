{#- Which accounts had been delivered by observed_until, in clean types?
    If the table is absent, there is no row. This model removes only accounts created after
    observed_until. -#}
{%- set adapter_accounts = adapter_of('accounts') -%}
{%- set segments = segment_rows(ref('segments')) -%}
{%- set sources = column_sources(ref('input_columns'), 'accounts') -%}
{%- set delivered = ref(var('accounts_model')) if var('accounts_model')
    else source('raw', 'accounts') -%}
with

accounts as (

    {% if adapter_accounts -%}
    select *
    from {{ adapter_accounts }}
    {%- elif has_raw_view('accounts') -%}
    select
        account_id,
        created_at,
        account_name,
        seat_count,
        trial_started_at,
        trial_ends_at,
        plan_tier,
        install_source,
        acquisition_type,
        file_name,
        is_unreadable
        {{- further_columns(segments, 'accounts', [
            'account_id', 'account_name', 'seat_count', 'plan_tier', 'install_source', 'acquisition_type'
        ]) }}
    from {{ delivered }}
    {%- else -%}
    {{ read_optional_rows('accounts', delivered, sources, segments) }}
    {%- endif %}

),

counted_seats as (

    select
        *,
        {{ without_point('seat_count', exponent_alone=true) }} as seat_text
    from accounts

),

numbered_accounts as (

    select
        *,
        case
            when {{ regex_matches('seat_text', '[+]?0*[0-9]{1,18}') }}
                then cast({{ regex_rest('seat_text', '^[+]') }} as bigint)
        end as whole_seat_count
    from counted_seats

),

stg_accounts as (

    select
        account_id,
        created_at,
        account_name,
        trial_started_at,
        trial_ends_at,
        plan_tier,
        install_source,
        acquisition_type,
        file_name,
        {{ segment_columns(segments, 'accounts') }},
        case when whole_seat_count >= 1 then whole_seat_count end as seat_count,
        coalesce(is_unreadable, false) as is_unreadable
    from numbered_accounts

)

select *
from stg_accounts
{% if observed_until() -%}
where created_at is null or created_at <= {{ observed_until() }}
{%- endif %}
