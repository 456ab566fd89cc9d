"""A wrong card stops with a sentence; a short one says the rest by itself. No browser here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plg.marts import FAMILIES, read_marts
from plg.report.data import packed_tables
from plg.report.derive import Shown
from plg.report.page import shown_cards

RATE = {"kind": "rate_by_cohort", "value": "activation_rate"}


def shown(mart: str, **card: Any) -> Shown:
    return Shown.of(replace(read_marts()[mart], card=card))


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        ({}, "figures: field required"),
        ({"figures": []}, "figures: list should have at least 1 item"),
        ({"figures": [{"kind": "pie"}]}, "figures.1: input tag 'pie' found using 'kind' does not"),
        ({"figures": [{**RATE, "colour": "red"}]}, "figures.1.rate_by_cohort.colour: extra inputs"),
        ({"figures": [{"kind": "rate_by_cohort"}]}, "figures.1.rate_by_cohort.value: field req"),
        (
            {"figures": [RATE, {**RATE, "value": "rate"}]},
            "figures.2: rate is no column of activation_by_cohort; it has cohort_grain, cohort_d",
        ),
        ({"figures": [RATE], "labels": {"users": "x"}}, "labels: users is no column"),
        ({"figures": [RATE], "population": "{last users}"}, "a sentence: users is no column"),
        ({"figures": [RATE], "choices": {"signup_count": {}}}, "choices: signup_count is not in"),
        ({"figures": [RATE], "open": {"all": "signups", "closed": "x"}}, "open: x is no column"),
        ({"figures": [RATE], "side_by_side": 4}, "side_by_side: input should be less than"),
    ],
)
def test_a_wrong_card_is_named(card: dict[str, Any], sentence: str) -> None:
    mart = replace(read_marts()["activation_by_cohort"], card=card)
    with pytest.raises(ValueError, match=r"config\.meta\.card of activation_by_cohort") as error:
        Shown.of(mart)
    assert sentence in str(error.value)
    assert str(error.value).startswith(str(mart.path))


def test_a_figure_that_needs_cohorts_says_so() -> None:
    with pytest.raises(ValueError, match=r"figures\.1: grid needs a date or a cohort in the mart"):
        shown(
            "time_to_first_value_curve",
            figures=[{"kind": "grid", "x": "day_number", "value": "hazard_rate"}],
        )


def test_units_follow_from_rates_types_and_names() -> None:
    referral = shown("viral_coefficient_by_cohort", figures=[{**RATE, "value": "k_factor"}])
    assert referral.unit("k_factor") == "number"
    assert referral.unit("median_viral_cycle_seconds") == "days"
    assert referral.unit("cohort_user_count") == "count"
    activation = shown("activation_by_cohort", figures=[RATE], units={"window_days": "text"})
    assert activation.unit("activation_rate") == activation.unit("1 - activation_rate") == "share"
    assert activation.unit("activation_rate_ci_lower") == "share"
    assert activation.unit("window_days") == "text"


def test_open_users_follow_from_the_nested_counts() -> None:
    """With signups in the chain, they are all users; without, the cohort's signups are."""
    activation = shown("activation_by_cohort", figures=[RATE])
    assert vars(activation.open) == {"all": "signup_count", "closed": "eligible_user_count"}
    pql = shown("pql_conversion_by_cohort", figures=[{**RATE, "value": "pql_conversion_rate"}])
    assert vars(pql.open) == {"all": "signups", "closed": "eligible_user_count"}
    assert pql.population == (
        "{signups} signups. Open: {open} are still inside their window and in no rate. Of the "
        "{eligible_user_count} others {activated_user_count} activated. {pql_user_count} of them "
        "pql[, {pql_conversion_rate}]. A hollow point has open users; where all are open, the "
        "ground is shaded."
    )


def test_choices_are_what_no_figure_spreads_out() -> None:
    figure = {"kind": "lines", "columns": ["completion_rate"]}
    by_milestone = shown(
        "milestone_completion_by_cohort", figures=[{**figure, "by": ["milestone_id"]}]
    )
    assert by_milestone.choices == {}
    one_milestone = shown("milestone_completion_by_cohort", figures=[figure])
    assert one_milestone.choices == {
        "milestone_id": {"label": "Milestone", "values": [], "start": None}
    }


def test_what_only_all_cohorts_together_show_is_packed_for_them_alone() -> None:
    cells, curve = packed_tables(Shown.of(read_marts()["retention_by_cohort"]))
    assert (cells.name, curve.name) == ("retention_by_cohort", "retention_by_cohort.together")
    assert "retention_rate_ci_lower" in curve.values
    assert "retention_rate_ci_lower" not in cells.values
    assert curve.where == "cohort_grain = 'all'" and "cohort_date" not in curve.keys


def test_cards_come_by_family_and_order() -> None:
    cards = shown_cards(read_marts().values())
    assert [card.mart.family for card in cards] == sorted(
        (card.mart.family for card in cards), key=list(FAMILIES).index
    )
    activation = [card for card in cards if card.mart.family == "activation"]
    assert activation[0].mart.name == "activation_by_cohort"
    orders = [card.card.order for card in activation]
    assert orders == sorted(orders)
