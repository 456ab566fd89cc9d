{#- What did the data lose to cleaning, is it still happening, and what to fix?
    Read: one row per table and rule, the most rows first; what_to_do names the usual cause.
    row_rate is the share of the table's rows. is_still_happening is true where the newest such row
    is of the last seven days.
    Pitfall: the first rule that applies removes a row, so a fix of one may raise another. Rows
    without a time are in row_count only. A future_event has a wrong time: first_seen_at and
    last_seen_at are that wrong time, and is_still_happening is empty. -#}
with

quality as (

    select
        table_name,
        rule_name,
        row_count,
        row_rate,
        first_seen_at,
        last_seen_at
    from {{ ref('data_quality_by_rule') }}

),

observations as (

    select max(scored_at) as observed_until_at
    from {{ ref('pql_scores') }}

),

rows_removed_by_cleaning as (

    select
        quality.table_name,
        quality.rule_name,
        quality.row_count,
        cast(quality.row_rate as decimal(9, 4)) as row_rate,
        quality.first_seen_at,
        quality.last_seen_at,
        case
            when quality.rule_name <> 'future_event' and quality.last_seen_at is not null
                then
                    quality.last_seen_at
                    >= {{ dbt.dateadd('day', -7, 'observations.observed_until_at') }}
        end as is_still_happening,
        case
            when quality.row_count = 0 then 'nothing'
            when quality.rule_name = 'unreadable_row'
                then 'open the file at the line that the build names'
            when quality.rule_name = 'missing_key'
                then 'find the sender of rows without user, name or a readable time'
            when quality.rule_name = 'future_event'
                then 'fix the clock or the time format of the sender'
            when quality.rule_name = 'duplicate_user'
                then 'nothing, if you deliver a row per change and updated_at says which is newer'
            when quality.rule_name = 'excluded_user' then 'nothing: as excluded_users.csv asks'
            when quality.rule_name = 'unknown_user' then 'look for signups that were not delivered'
            when quality.rule_name = 'before_signup'
                then
                    'compare the times: clocks, a time zone left out, or users moved from elsewhere'
            when quality.rule_name = 'duplicate_event'
                then 'look for retries that send an event twice'
        end as what_to_do
    from quality
    cross join observations

)

select *
from rows_removed_by_cleaning
order by row_count desc, table_name asc, rule_name asc
