{#- What was wrong with the data or the settings of this build, and what fixes it?
    No rows: nothing was found. -#}
with

build_warnings as (

    select
        warning_id,
        table_name,
        subject,
        row_count,
        row_rate,
        example,
        message
    from {{ ref('int_build_warnings') }}

)

select *
from build_warnings
