"""The marts of qualification."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.oracle import calibration, early_behavior, hand_off, lead_scores, playbooks
from tests.oracle.arithmetic import cohort_columns, rate
from tests.oracle.definitions import Definitions, Signal
from tests.oracle.lead_definitions import DecayStep
from tests.oracle.lead_scores import band_of, decay
from tests.oracle.population import Population, User, mart
from tests.oracle.raw_files import Row


def milestone_score(user: User, definitions: Definitions) -> Decimal:
    return sum(
        (m.weight for m in definitions.milestones if m.milestone_id in user.completed_at),
        Decimal(0),
    )


def is_pql(user: User, definitions: Definitions) -> bool:
    band = band_of(
        milestone_score(user, definitions) * 100, definitions.bands.get("milestone_share", [])
    )
    return band is not None and band.is_qualified


def qualified_at(user: User, definitions: Definitions) -> datetime | None:
    lowest_qualified_bound = definitions.lowest_qualified_bound
    if lowest_qualified_bound is None:
        return None
    completions = sorted(
        (user.completed_at[milestone.milestone_id], milestone.weight)
        for milestone in definitions.milestones
        if milestone.milestone_id in user.completed_at
    )
    score = Decimal(0)
    # The score is 0 at signup: a bound of 0 is reached there.
    for completed_at, weight in [(user.created_at, Decimal(0)), *completions]:
        score += weight
        if score * 100 >= lowest_qualified_bound:
            return completed_at
    return None


def behavior_points(
    user: User, signal: Signal, steps: list[DecayStep], scored_at: datetime
) -> Decimal:
    occurrences = user.timestamps_by_event.get(signal.event_name, [])
    if not occurrences:
        return Decimal(0)
    points = signal.points * min(len(occurrences), signal.max_count)
    return points * decay(steps, occurrences[-1], scored_at)


def fit_points(user: User, signal: Signal) -> Decimal:
    traits = {"plan_tier": user.plan_tier, "install_source": user.install_source}
    return signal.points if traits[signal.user_column] == signal.user_value else Decimal(0)


@mart
def pql_scores(population: Population) -> list[Row]:
    definitions = population.definitions
    scored_at = population.observed_until_at
    rows = []
    for user in population.users:
        behavior = fit = Decimal(0)
        for signal in definitions.signals:
            if signal.event_name is not None:
                behavior += behavior_points(user, signal, definitions.decay, scored_at)
            else:
                fit += fit_points(user, signal)
        score = milestone_score(user, definitions)
        milestone_band = band_of(score * 100, definitions.bands.get("milestone_share", []))
        points_band = band_of(behavior + fit, definitions.bands.get("points", []))
        rows.append(
            {
                "user_id": user.user_id,
                "account_id": user.account_id,
                "signed_up_at": user.created_at,
                "scored_at": scored_at,
                "milestone_score": score,
                "milestone_band": milestone_band and milestone_band.name,
                "milestone_action": milestone_band and milestone_band.action,
                "is_pql": is_pql(user, definitions),
                "qualified_at": qualified_at(user, definitions),
                "points_score": behavior + fit,
                "behavior_points": behavior,
                "fit_points": fit,
                "points_band": points_band and points_band.name,
                "points_action": points_band and points_band.action,
            }
        )
    return rows


@mart
def pql_conversion_by_cohort(population: Population) -> list[Row]:
    definitions = population.definitions
    pql_user_ids = {user.user_id for user in population.users if is_pql(user, definitions)}
    rows = []
    for key, members in population.signup_cohorts.items():
        eligible = [u for u in members if population.is_eligible(u, definitions.longest_timeframe)]
        activated = [user for user in eligible if user.activated_at is not None]
        pql_count = sum(user.user_id in pql_user_ids for user in activated)
        rows.append(
            cohort_columns(key)
            | {
                "eligible_user_count": len(eligible),
                "activated_user_count": len(activated),
                "pql_user_count": pql_count,
                "pql_conversion_rate": rate(pql_count, len(activated)),
                "pql_without_activation_count": sum(
                    user.user_id in pql_user_ids and user.activated_at is None for user in eligible
                ),
            }
        )
    return rows


@mart
def pql_score_history(population: Population) -> list[Row]:
    return lead_scores.history_rows(population)


@mart
def pql_calibration(population: Population) -> list[Row]:
    return calibration.calibration_rows(population)


@mart
def pql_calibration_by_bin(population: Population) -> list[Row]:
    return calibration.bin_rows(population)


@mart
def pql_thresholds(population: Population) -> list[Row]:
    return calibration.threshold_rows(population)


@mart
def pql_drift_by_week(population: Population) -> list[Row]:
    return calibration.drift_rows(population)


@mart
def pql_rate_by_cohort(population: Population) -> list[Row]:
    return hand_off.cohort_rows(population)


@mart
def leads_to_hand_off(population: Population) -> list[Row]:
    return hand_off.lead_rows(population)


@mart
def handoff_outcomes_by_week(population: Population) -> list[Row]:
    return hand_off.outcome_rows(population)


@mart
def early_behavior_value(population: Population) -> list[Row]:
    return early_behavior.behavior_rows(population)


@mart
def playbook_kpis(population: Population) -> list[Row]:
    return playbooks.playbook_rows(population)
