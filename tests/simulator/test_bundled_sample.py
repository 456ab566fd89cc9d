"""What is planted shows in the bundled sample, too, as docs/sample.md says."""

from pathlib import Path

import pytest

from tests.harness import query
from tests.simulator.behaviour import dependence_row, friction_row, segment_row


@pytest.mark.parametrize(
    ("event_name", "step_number", "verdict"),
    [
        ("error_shown", 4, "hinders"),
        ("rage_click", 4, "no_difference_shown"),
        ("rage_click", 5, "no_difference_shown"),
        ("error_shown", 5, "not_enough_data"),
    ],
)
def test_friction(sample_database: Path, event_name: str, step_number: int, verdict: str) -> None:
    assert friction_row(sample_database, event_name, step_number)["verdict"] == verdict


@pytest.mark.parametrize(
    ("metric_id", "segment_value", "verdict"),
    [
        ("time_to_first_value", "invited", "above"),
        ("time_to_first_value", "organic", "no_difference_shown"),
        ("activation_rate", "organic", "no_difference_shown"),
    ],
)
def test_segments(sample_database: Path, metric_id: str, segment_value: str, verdict: str) -> None:
    assert segment_row(sample_database, metric_id, segment_value)["verdict"] == verdict


def test_the_candidates_for_the_activation_event(sample_database: Path) -> None:
    found = query(
        sample_database,
        """
        select event_name, window_days, min_count, is_recommended
        from marts.activation_event_candidates
        where sample_name = 'train' and candidate_rank <= 3
        order by candidate_rank
        """,
    )
    assert [tuple(row.values()) for row in found] == [
        ("document_created", 7, 1, True),
        ("document_created", 14, 1, False),
        ("invite_sent", 7, 1, False),
    ]


@pytest.mark.parametrize(
    ("pair", "verdict"), [(("m1", "m2"), "likelier"), (("m2", "m1"), "no_difference_shown")]
)
def test_milestones(sample_database: Path, pair: tuple[str, str], verdict: str) -> None:
    assert dependence_row(sample_database, *pair)["verdict"] == verdict
