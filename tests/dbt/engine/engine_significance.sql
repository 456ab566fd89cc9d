{#- Tests of differences are exact on every engine: tails of chi-square, quantiles, intervals,
    log-rank, corrections for many tests, sample sizes.
    The expected values have 17 digits, from arithmetic of 60 digits. Groups have millions of users, so
    that they are large enough whatever the var minimum_group_users says. -#}
{%- set double = engine_type('double') -%}
with

tails as (

    {% for statistic, degrees, expected in [
        ('0', 1, '1'),
        ('6.065422477440525', 1, '1.3785377445366610e-2'),
        ('48', 1, '4.2621915978436456e-12'),
        ('10.037767379679146', 2, '6.6119035262270123e-3'),
        ('7.814727903251178', 3, '5.0000000000000044e-2'),
        ('0.5', 4, '9.7350097883925609e-1'),
        ('11.07', 5, '5.0009618622405488e-2'),
        ('100', 7, '1.0787979671702883e-18'),
        ('3', 10, '9.8142406377785933e-1'),
        ('18.3', 10, '5.0109061411462463e-2'),
        ('28.87', 18, '4.9991184881772943e-2'),
        ('0.001', 19, '1'),
        ('30.143527205646155', 19, '5.0000000000000052e-2'),
        ('1400', 19, '0'),
        ('1400', 2, '0'),
    ] -%}
    select
        cast('{{ statistic }}' as {{ double }}) as statistic,
        cast({{ degrees }} as bigint) as degrees,
        cast('{{ expected }}' as {{ double }}) as expected
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

shares as (

    {% for share, expected in [
        ('1e-20', '-9.2623400897984076e0'),
        ('1e-12', '-7.0344838253011319e0'),
        ('0.001', '-3.0902323061678135e0'),
        ('0.0749', '-1.4402382675279636e0'),
        ('0.075', '-1.4395314709384559e0'),
        ('0.5', '0'),
        ('0.8', '8.4162123357291421e-1'),
        ('0.975', '1.9599639845400542e0'),
    ] -%}
    select
        cast('{{ share }}' as {{ double }}) as lower_share,
        cast('{{ expected }}' as {{ double }}) as expected
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

samples as (

    {% for achieved, users in [(900000, 2000000), (480000, 1500000), (600000, 1200000)] -%}
    select
        cast({{ achieved }} as bigint) as achieved_count,
        cast({{ users }} as bigint) as user_count,
        cast(1980000 as bigint) as all_achieved_count,
        cast(4700000 as bigint) as all_user_count
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

rates as (

    select
        {{ rate_with_interval('rate', '90', '200') }},
        {{ rate_with_interval('other_rate', '48', '150') }}

),

differences as (

    select {{ newcombe_interval('difference', 'rate', 'other_rate') }}
    from rates

),

risk_days as (

    -- On the last day one user is left.
    {% for event_count, at_risk_count, all_at_risk_count in [
        (20, 100, 200), (30, 60, 150), (1, 1, 1),
    ] -%}
    select
        cast({{ event_count }} as bigint) as event_count,
        cast({{ at_risk_count }} as bigint) as at_risk_count,
        cast({{ all_at_risk_count }} as bigint) as all_at_risk_count
    {{ 'union all' if not loop.last }}
    {% endfor -%}

),

log_rank_sums as (

    select
        cast(30 as bigint) as event_count,
        cast(21 as bigint) as other_event_count,
        cast(2000000 as bigint) as user_count,
        {{ log_rank_sums('event_count', 'at_risk_count', 'all_at_risk_count') }}
    from risk_days

),

log_ranks as (

    select
        expected_events,
        event_variance,
        {{ log_rank_columns('event_count', 'user_count', 'other_event_count', 'user_count') }}
    from log_rank_sums

),

p_values as (

    {% for p_value, expected in [
        ('0.2', '0.2'), ('0.03', '0.05'), ('0.001', '0.005'), ('0.04', '0.05'), ('0.012', '0.03'),
    ] -%}
    select
        'five tests' as family_name,
        cast('{{ p_value }}' as {{ double }}) as p_value,
        cast('{{ expected }}' as {{ double }}) as expected
    union all
    {% endfor -%}
    -- Equal ones share the step of the last: 0.5 * 4 / 3. None is above 1, or below its p-value.
    {% for p_value, expected in [
        ('0.5', '6.6666666666666667e-1'), ('0.5', '6.6666666666666667e-1'), ('0.9', '0.9'),
        ('0.01', '0.04'),
    ] -%}
    select
        'four tests' as family_name,
        cast('{{ p_value }}' as {{ double }}) as p_value,
        cast('{{ expected }}' as {{ double }}) as expected
    union all
    {% endfor -%}
    select
        'four tests' as family_name,
        cast(null as {{ double }}) as p_value,
        cast(null as {{ double }}) as expected

),

tests_of_families as (

    {{ with_q_values('p_values', family=['family_name']) }}

),

plans as (

    select
        cast('0.05' as {{ double }}) as rate,
        cast('0.0575' as {{ double }}) as other_rate

),

cases as (

    select
        'a tail, its degrees in a column' as case_name,
        {{ p_value_of_chi_square('statistic', 'degrees') }} as found,
        expected
    from tails
    {% for degrees in [1, 2, 3, 10, 19] -%}
    union all
    select
        'a tail of {{ degrees }} degrees' as case_name,
        {{ p_value_of_chi_square('statistic', degrees) }} as found,
        expected
    from tails
    where degrees = {{ degrees }}
    {% endfor -%}
    union all
    select
        'a quantile' as case_name,
        {{ normal_quantile('lower_share') }} as found,
        expected
    from shares
    union all
    select
        'no quantile of 1' as case_name,
        {{ normal_quantile('lower_share * 2') }} as found,
        null as expected
    from shares
    where lower_share = 0.5
    union all
    select
        'chi-square of three groups' as case_name,
        {{ chi_square_of_groups(
            'achieved_count', 'user_count', 'all_achieved_count', 'all_user_count'
        ) }} as found,
        1.0037767379679144e+5 as expected
    from samples
    group by all_achieved_count, all_user_count
    {% for column, expected in [
        ('difference_ci_lower', '2.6679821056274016e-2'), ('difference_ci_upper', '2.2800401160302397e-1'),
    ] -%}
    union all
    select
        '{{ column }}' as case_name,
        {{ column }} as found,
        {{ expected }} as expected
    from differences
    {% endfor -%}
    {% for column, expected in [
        ('expected_events', '2.3000000000000000e+1'), ('event_variance', '1.0321270783447439e+1'), ('log_rank_statistic', '4.7474774209570116e+0'),
        ('hazard_ratio', '1.9703497402936061e+0'), ('hazard_ratio_ci_lower', '1.0705135444327839e+0'), ('hazard_ratio_ci_upper', '3.6265567299590986e+0'),
    ] -%}
    union all
    select
        '{{ column }}' as case_name,
        {{ column }} as found,
        {{ expected }} as expected
    from log_ranks
    {% endfor -%}
    union all
    select
        'a q-value' as case_name,
        q_value as found,
        expected
    from tests_of_families
    union all
    select
        'users that a test needs' as case_name,
        {{ required_users_per_group('rate', 'other_rate', '0.05', '0.8') }} as found,
        14193 as expected
    from plans

)

select *
from cases
where
    (found is null and expected is not null)
    or (found is not null and expected is null)
    or abs(found - expected) > 1e-12 * abs(expected)
