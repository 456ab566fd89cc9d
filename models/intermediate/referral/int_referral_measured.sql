{#- Does anybody know who was invited?
    Where no user has an inviter, the column invited_by was not delivered, and nothing about invited
    signups is measured. -#}
with

users as (

    select invited_by
    from {{ ref('int_users') }}

),

int_referral_measured as (

    -- The user's own id is an inviter here, too: the column was delivered.
    select count(invited_by) > 0 as is_invited_by_measured
    from users

)

select *
from int_referral_measured
