{#- dbt-spark replaces whole partitions, or the whole table. Here the rows that a model returns replace those
    with the same `unique_key`, as on DuckDB. A column row_group, which no model reads, partitions the table:
    by the key itself where that is a delivered part, by the month of a date, else into eight by hash. A build
    writes only groups with new rows. -#}
{% materialization incremental, adapter='spark', supported_languages=['sql'] -%}
    {%- set key = config.require('unique_key') -%}
    {%- if key == 'part_key' -%}
        {%- set row_group = key -%}
    {%- elif key.endswith('_date') -%}
        {%- set row_group = "date_format(" ~ key ~ ", 'yyyy-MM')" -%}
    {%- else -%}
        {%- set row_group = 'cast(pmod(xxhash64(' ~ key ~ '), 8) as int)' -%}
    {%- endif -%}
    {%- set existing = load_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set new_rows = this.incorporate(path={'identifier': this.identifier ~ '__dbt_tmp'}, type='table') -%}
    {%- if existing and load_relation(new_rows) is not none and not flags.FULL_REFRESH -%}
        {{ exceptions.raise_compiler_error(
            'An earlier build was killed while it wrote ' ~ this ~ ', which may lack rows since. Build '
            ~ 'once with --full-refresh.'
        ) }}
    {%- endif -%}
    {%- do adapter.drop_relation(new_rows) -%}
    {%- if existing is none or existing.is_view or should_full_refresh() -%}
        {%- if existing is not none -%}
            {%- do adapter.drop_relation(existing) -%}
        {%- endif -%}
        {%- call statement('main') -%}
            create table {{ target_relation }}
            using parquet
            partitioned by (row_group)
            {{ comment_clause() }}
            as
            select /*+ repartition(row_group) */ *
            from (
                select
                    model_rows.*,
                    {{ row_group }} as row_group
                from (
                    {{ compiled_code }}
                ) as model_rows
            )
        {%- endcall -%}
    {%- else -%}
        {#- Written first, because the table must not change while it is read. Dropped last: while it
            exists, the table may be half written. -#}
        {%- call statement('new_rows') -%}
            create table {{ new_rows }}
            using parquet
            as
            {{ compiled_code }}
        {%- endcall -%}
        {#- Spark goes by places, not by names. -#}
        {%- set columns = adapter.get_columns_in_relation(target_relation) | map(attribute='name')
            | reject('equalto', 'row_group') | join(', ') -%}
        {%- call statement('overwrite_partitions') -%}
            set spark.sql.sources.partitionOverwriteMode = dynamic
        {%- endcall -%}
        {%- call statement('main') -%}
            insert overwrite table {{ target_relation }}
            partition (row_group)
            select /*+ repartition(row_group) */ *
            from (
                select
                    {{ columns }},
                    {{ row_group }} as row_group
                from {{ new_rows }}
                {%- if row_group != key %}
                union all
                select
                    {{ columns }},
                    row_group
                from {{ target_relation }} as known
                where
                    row_group in (select {{ row_group }} from {{ new_rows }})
                    and not exists (
                        select 1
                        from {{ new_rows }} as new_rows
                        where new_rows.{{ key }} = known.{{ key }}
                    )
                {%- endif %}
            )
        {%- endcall -%}
        {%- do adapter.drop_relation(new_rows) -%}
    {%- endif -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization %}

{#- delete+insert, the strategy of all engines, for BigQuery. Its own strategies need a key that occurs once,
    or replace partitions. The new rows are computed first, because the model may read the old ones. -#}
{% macro dbt_bigquery_validate_get_incremental_strategy(config) -%}
    {{ return(config.require('incremental_strategy')) }}
{%- endmacro %}

{% macro bq_generate_incremental_build_sql(
    strategy, tmp_relation, target_relation, sql, unique_key, partition_by, partitions, dest_columns,
    tmp_relation_exists, copy_partitions, incremental_predicates
) -%}
    {%- set columns = dest_columns | map(attribute='quoted') | join(', ') -%}
    {%- set new_rows = target_relation.identifier ~ '__new_rows' -%}
    create temp table {{ new_rows }} as (
        {{ sql }}
    );
    begin transaction;
    delete from {{ target_relation }}
    where {{ unique_key }} in (select {{ unique_key }} from {{ new_rows }});
    insert into {{ target_relation }} ({{ columns }})
    select {{ columns }}
    from {{ new_rows }};
    commit transaction;
{%- endmacro %}
