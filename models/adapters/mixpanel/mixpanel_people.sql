{#- What do the profiles of a Mixpanel export say? If a user has several profiles, for example from
    daily dumps, the newest one is the first. -#}
{%- set traits = trait_places(['', 'properties.', '$properties.']) -%}
with

delivered_people as (

    {{ vendor_rows(
        'mixpanel', 'people',
        ids={'user_id': ['$distinct_id', 'distinct_id', '_distinct_id']},
        other_ids=traits.ids,
        times=dict({
            'received_at': 'received_at',
            'first_seen_at': [
                '$created', 'created', '_created', 'properties.$created', '$properties.$created',
            ],
        }, **traits.times),
        texts=traits.texts,
    ) }}

),

mixpanel_people as (

    select
        *,
        row_number() over (
            partition by user_id
            order by
                received_at desc nulls last,
                {% for column in trait_columns() -%}
                {{ column }} asc nulls last,
                {% endfor -%}
                first_seen_at asc nulls last
        ) as copy_number
    from delivered_people

)

select *
from mixpanel_people
