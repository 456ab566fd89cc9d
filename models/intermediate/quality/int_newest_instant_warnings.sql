{#- Does the newest record of all lie alone, long after the others? -#}
with

newest_instants as (

    select
        last_record_at,
        hours_start_at,
        first_date,
        record_name,
        user_id,
        row_count,
        earlier_row_count
    from {{ ref('int_newest_instants') }}

),

dates as (

    select
        record_date,
        row_count
    from {{ ref('int_record_dates') }}

),

dates_before as (

    select
        dates.record_date,
        dates.row_count,
        row_number() over (order by dates.record_date desc) as place
    from dates
    cross join newest_instants
    where dates.record_date < newest_instants.first_date

),

usual_counts as (

    select
        count(*) as date_count,
        max(record_date) as last_date,
        {{ percentile('cast(row_count as ' ~ engine_type('double') ~ ')', 0.5) }} as median_count
    from dates_before
    where place <= 28

),

compared as (

    select
        newest_instants.*,
        usual_counts.date_count,
        usual_counts.median_count,
        cast({{ dbt.dateadd('day', 1, 'usual_counts.last_date') }} as date) as end_date,
        -- The 28 dates before that of the hours' start are empty, and so is what precedes them.
        newest_instants.earlier_row_count = 0
        and usual_counts.last_date
        < cast({{ dbt.dateadd('day', -28, 'newest_instants.first_date') }} as date)
            as is_after_silence
    from newest_instants
    cross join usual_counts

),

int_newest_instant_warnings as (

    select
        'newest_instant_alone' as warning_id,
        'events' as table_name,
        'observed_until_at' as subject,
        row_count,
        row_count / median_count as row_rate,
        cast({{ utc_date('last_record_at') }} as {{ dbt.type_string() }}) as example,
        'The newest record, ' || {{ shown('record_name') }}
        || ' of the user ' || {{ shown('user_id') }}
        || ' on ' || cast({{ utc_date('last_record_at') }} as {{ dbt.type_string() }})
        || ', closes every window, and its 24 hours hold '
        || case
            when row_count = 1 then 'nothing else'
            else {{ as_text('row_count') }} || ' records'
        end
        || ' where a usual day has ' || {{ as_text('cast(floor(median_count) as bigint)') }}
        || '. Usually its clock was wrong: set the var observed_until to '
        || cast(end_date as {{ dbt.type_string() }})
        || ', the end of the last date with records before, or correct its time.' as message
    from compared
    where
        date_count >= 14
        and (row_count < 0.01 * median_count or (is_after_silence and row_count < median_count))
        and {{ '1 = 0' if observed_until() else '1 = 1' }}

)

select *
from int_newest_instant_warnings
