{#- Statistics are exact on every engine: erfc over its whole range, and p-values of two rates.
    The expected values have 17 digits, from arithmetic of 40 digits. -#}
with

numbers as (

    {% for x, expected in [
        ('0', '1'),
        ('0.25', '0.72367360983176307'),
        ('0.46875', '0.50738652678206201'),
        ('0.5', '0.47950012218695346'),
        ('1', '0.15729920705028513'),
        ('1.3859038243496779', '0.05'),
        ('3', '2.2090496998585441e-5'),
        ('4', '1.5417257900280019e-8'),
        ('4.5', '1.9661604415428875e-10'),
        ('10', '2.0884875837625448e-45'),
        ('26', '5.6631924088561428e-296'),
        ('27', '0'),
    ] -%}
    select
        cast('{{ x }}' as {{ engine_type('double') }}) as x,
        cast('{{ expected }}' as {{ engine_type('double') }}) as expected
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}

),

rates as (

    {% for achieved, users, other_achieved, other_users, expected in [
        (30, 100, 45, 110, '0.099399532161655908'),
        (30, 100, 60, 110, '0.00033098489481228563'),
        (90, 200, 48, 150, '0.01378537744536661'),
        (100, 1000, 135, 1000, '0.015082400371376989'),
        (40, 100, 80, 200, '1'),
    ] -%}
    select
        cast({{ achieved }} as bigint) as achieved_count,
        cast({{ users }} as bigint) as user_count,
        cast({{ other_achieved }} as bigint) as other_achieved_count,
        cast({{ other_users }} as bigint) as other_user_count,
        cast('{{ expected }}' as {{ engine_type('double') }}) as expected
    {% if not loop.last %}union all{% endif %}
    {% endfor -%}

),

roots as (

    select
        sqrt(
            {{ chi_square_of_two_rates(
                'achieved_count', 'user_count', 'other_achieved_count', 'other_user_count'
            ) }} / 2
        ) as root_of_half_chi_square,
        expected
    from rates

),

arguments as (

    select
        x,
        expected
    from numbers
    union all
    select
        root_of_half_chi_square as x,
        expected
    from roots

),

cases as (

    select
        {{ erfc('x') }} as found,
        expected
    from arguments

)

select *
from cases
where found is null or not abs(found - expected) <= 1e-12 * expected
