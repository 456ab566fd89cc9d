{#- Which people does the seed excluded_users name, by any of their ids? -#}
{{ config(materialized='view') }}

with

int_excluded_people as (

    select distinct coalesce(identities.resolved_id, excluded.user_id) as user_id
    from {{ ref('stg_excluded_users') }} as excluded
    left join {{ ref('int_identities') }} as identities on excluded.user_id = identities.user_id

)

select *
from int_excluded_people
