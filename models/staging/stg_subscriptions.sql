{#- Which periods of subscriptions had been delivered by observed_until, in clean types?
    If the table is absent, there is no row. This model removes only periods that started after
    observed_until. -#}
{%- set sources = column_sources(ref('input_columns'), 'subscriptions') -%}
{%- set delivered = ref(var('subscriptions_model')) if var('subscriptions_model')
    else source('raw', 'subscriptions') -%}
with

subscriptions as (

    {% if has_raw_view('subscriptions') -%}
    select
        subscription_id,
        started_at,
        monthly_amount,
        account_id,
        user_id,
        ended_at,
        file_name,
        is_unreadable
    from {{ delivered }}
    {%- else -%}
    {{ read_optional_rows('subscriptions', delivered, sources, []) }}
    {%- endif %}

),

stg_subscriptions as (

    select
        subscription_id,
        started_at,
        ended_at,
        account_id,
        user_id,
        file_name,
        -- Rounded to two decimals, half away from zero.
        {{ number_of_text('monthly_amount', 'decimal(18, 2)') }} as monthly_amount,
        coalesce(is_unreadable, false) as is_unreadable
    from subscriptions

)

select *
from stg_subscriptions
{% if observed_until() -%}
where started_at is null or started_at <= {{ observed_until() }}
{%- endif %}
