{#- The viral coefficient is invitations per user times signups per invitation. -#}
select
    k_factor,
    invitations_per_user,
    invitation_conversion_rate
from {{ ref('viral_coefficient_by_cohort') }}
where
    abs(k_factor - invitations_per_user * invitation_conversion_rate) > 1e-9
    or (
        invitation_count > 0
        and invited_signup_count is not null
        and invitation_conversion_rate is null
    )
