{#- Which version of the definitions does this build have, and what does the log say of it? -#}
with

versions as (

    select cast('{{ definitions_version() }}' as {{ dbt.type_string() }}) as definitions_version

),

logged as (

    select
        definitions_version,
        valid_from_date,
        owner,
        change
    from {{ ref('definition_log') }}

),

int_definitions_version as (

    select
        versions.definitions_version,
        logged.valid_from_date,
        logged.owner,
        logged.change,
        logged.definitions_version is not null as is_logged
    from versions
    left join logged on versions.definitions_version = logged.definitions_version

)

select *
from int_definitions_version
