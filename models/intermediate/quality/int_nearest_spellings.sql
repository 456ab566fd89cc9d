{#- What is the nearest spelling that occurs of a name that does not?
    One with the same letters and digits. Else one that shares most pairs of letters with it: the
    shared pairs, twice, are at least 0.6 of the pairs of both. Ids share letters by chance, so for
    those only another spelling of the same id is near.

    Longer than 110 lines: the pairs of both sides are needed here alone, and are small. -#}
with

unmatched_values as (

    select distinct
        kind,
        value_name,
        spelling
    from {{ ref('int_unmatched_values') }}
    -- The name of a segment type is never a misspelling.
    where kind <> 'segment_type'

),

occurring_names as (

    select
        kind,
        value_name,
        {{ plain_spelling('value_name') }} as spelling
    from {{ ref('int_occurring_names') }}

),

user_ids as (

    select
        'user_id' as kind,
        user_id as value_name,
        {{ plain_spelling('user_id') }} as spelling
    from {{ ref('int_users') }}

),

places as (

    {{ numbers(98, 'place') }}

),

unmatched_pairs as (

    select distinct
        unmatched_values.kind,
        unmatched_values.value_name,
        substring(unmatched_values.spelling, places.place + 1, 2) as pair
    from unmatched_values
    inner join places on length(unmatched_values.spelling) > places.place + 1
    where unmatched_values.kind <> 'user_id'

),

occurring_pairs as (

    select distinct
        occurring_names.kind,
        occurring_names.value_name,
        substring(occurring_names.spelling, places.place + 1, 2) as pair
    from occurring_names
    inner join places on length(occurring_names.spelling) > places.place + 1

),

shared_pairs as (

    select
        unmatched_pairs.kind,
        unmatched_pairs.value_name,
        occurring_pairs.value_name as near_name,
        count(*) as pair_count
    from unmatched_pairs
    inner join occurring_pairs
        on
            unmatched_pairs.kind = occurring_pairs.kind
            and unmatched_pairs.pair = occurring_pairs.pair
    group by unmatched_pairs.kind, unmatched_pairs.value_name, occurring_pairs.value_name

),

unmatched_counts as (

    select
        kind,
        value_name,
        count(*) as pair_count
    from unmatched_pairs
    group by kind, value_name

),

occurring_counts as (

    select
        kind,
        value_name,
        count(*) as pair_count
    from occurring_pairs
    group by kind, value_name

),

near_names as (

    {% for names in ['occurring_names', 'user_ids'] -%}
    select
        unmatched_values.kind,
        unmatched_values.value_name,
        {{ names }}.value_name as near_name,
        cast(1 as {{ engine_type('double') }}) as likeness
    from unmatched_values
    inner join {{ names }}
        on
            unmatched_values.kind = {{ names }}.kind
            and unmatched_values.spelling = {{ names }}.spelling
    where unmatched_values.spelling <> ''
    union all
    {% endfor -%}
    select
        shared_pairs.kind,
        shared_pairs.value_name,
        shared_pairs.near_name,
        cast(2 * shared_pairs.pair_count as {{ engine_type('double') }})
        / (unmatched_counts.pair_count + occurring_counts.pair_count) as likeness
    from shared_pairs
    inner join unmatched_counts
        on
            shared_pairs.kind = unmatched_counts.kind
            and shared_pairs.value_name = unmatched_counts.value_name
    inner join occurring_counts
        on
            shared_pairs.kind = occurring_counts.kind
            and shared_pairs.near_name = occurring_counts.value_name
    where
        20 * shared_pairs.pair_count
        >= 6 * (unmatched_counts.pair_count + occurring_counts.pair_count)

),

ordered_names as (

    select
        kind,
        value_name,
        near_name,
        row_number() over (
            partition by kind, value_name order by likeness desc, near_name asc
        ) as place
    from near_names

),

int_nearest_spellings as (

    select
        kind,
        value_name,
        near_name
    from ordered_names
    where place = 1

)

select *
from int_nearest_spellings
