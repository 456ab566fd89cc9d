"""The marts of referral."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from tests.oracle.arithmetic import MEDIAN, THIRTY_DAYS, cohort_columns, quantile_seconds, rate
from tests.oracle.population import Population, mart
from tests.oracle.raw_files import Row


@mart
def viral_coefficient_by_cohort(population: Population) -> list[Row]:
    def if_measured(value: float | None) -> float | None:
        return value if population.is_invitation_measured else None

    users_by_id = {user.user_id: user for user in population.users}
    invited_signups = defaultdict(list)
    for user in population.users:
        inviter = users_by_id.get(user.invited_by) if user.is_invited else None
        # An invitation can be answered neither before the inviter's own signup nor too late.
        if inviter and timedelta(0) <= user.created_at - inviter.created_at < THIRTY_DAYS:
            invited_signups[inviter.user_id].append(user)

    observation = THIRTY_DAYS + population.definitions.activation_window
    rows = []
    for key, members in population.signup_cohorts.items():
        eligible = [u for u in members if population.is_eligible(u, THIRTY_DAYS)]
        # One list of counts for each member that sent anything in time.
        invitations = [
            [count for sent_at, count in user.invites if sent_at < user.created_at + THIRTY_DAYS]
            for user in eligible
        ]
        invitation_count = sum(map(sum, invitations))
        cycles = [
            invitee.created_at - user.created_at
            for user in eligible
            for invitee in invited_signups[user.user_id]
        ]
        fully_observed = [u for u in members if population.is_eligible(u, observation)]
        invited_activated_count = sum(
            invitee.activated_at is not None
            for user in fully_observed
            for invitee in invited_signups[user.user_id]
        )
        rows.append(
            cohort_columns(key)
            | {
                "cohort_user_count": len(eligible),
                "invitation_count": invitation_count,
                "inviting_user_count": sum(bool(counts) for counts in invitations),
                "invited_signup_count": if_measured(len(cycles)),
                "invitations_per_user": rate(invitation_count, len(eligible)),
                "invitation_conversion_rate": if_measured(rate(len(cycles), invitation_count)),
                "k_factor": if_measured(rate(len(cycles), len(eligible))),
                "median_viral_cycle_seconds": quantile_seconds(cycles, MEDIAN),
                "fully_observed_user_count": len(fully_observed),
                "invited_activated_count": if_measured(invited_activated_count),
                "activated_k_factor": if_measured(
                    rate(invited_activated_count, len(fully_observed))
                ),
            }
        )
    return rows
