{#- What did the data lose to cleaning, is it still happening, and do clocks need mending?
    Read: one row per rule, the most rows first; what_to_do names the usual cause.
    rows_per_1000_users puts the count in proportion (one user may cause many rows).
    is_still_happening is true where the newest such row is of the last seven days. before_signup:
    events dated before their user's signup, mostly by moments, mean clocks that disagree; each such
    event is lost to its milestone.
    Pitfall: the first rule that applies removes a row, so mending one may raise another. Rows
    without a time are in row_count only. A future_event has a wrong time: first_seen_at and
    last_seen_at are that wrong time, and is_still_happening is empty. -#}
with

quality as (

    select
        rule_name,
        row_count,
        first_seen_at,
        last_seen_at
    from {{ ref('data_quality_by_rule') }}

),

users as (

    select
        count(*) as user_count,
        max(scored_at) as observed_until_at
    from {{ ref('pql_scores') }}

),

rows_removed_by_cleaning as (

    select
        quality.rule_name,
        quality.row_count,
        cast(
            1000 * {{ rate('quality.row_count', 'users.user_count') }} as decimal(18, 1)
        ) as rows_per_1000_users,
        cast(
            {{ rate('quality.row_count', 'sum(quality.row_count) over ()') }} as decimal(9, 3)
        ) as share_of_removed_rows,
        quality.first_seen_at,
        quality.last_seen_at,
        case
            when quality.rule_name <> 'future_event' and quality.last_seen_at is not null
                then
                    quality.last_seen_at
                    >= {{ dbt.dateadd('day', -7, 'users.observed_until_at') }}
        end as is_still_happening,
        case
            when quality.row_count = 0 then 'nothing'
            when quality.rule_name = 'missing_key'
                then 'find the sender of rows without user, name or a readable time'
            when quality.rule_name = 'future_event'
                then 'mend the clock or the time format of the sender'
            when quality.rule_name = 'duplicate_user'
                then 'look for users created or delivered twice'
            when quality.rule_name = 'excluded_user' then 'nothing: as excluded_users.csv asks'
            when quality.rule_name = 'unknown_user' then 'look for signups that were not delivered'
            when quality.rule_name = 'before_signup'
                then 'compare the clocks of events and signups: moments apart, or another user_id'
            when quality.rule_name = 'duplicate_event'
                then 'look for retries that send an event twice'
        end as what_to_do
    from quality
    cross join users

)

select *
from rows_removed_by_cleaning
order by row_count desc, rule_name asc
