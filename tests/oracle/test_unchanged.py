"""Neither the order of rows nor doubled rows nor what comes later changes a cell of these marts."""

from __future__ import annotations

import random
from datetime import timedelta

from tests.oracle.activation import milestone_survival_curve
from tests.oracle.discovery import (
    activation_event_candidates,
    event_transitions,
    milestone_dependence,
)
from tests.oracle.funnels import (
    friction_by_funnel_step,
    funnel_conversion_by_cohort,
    segment_tests,
)
from tests.oracle.population import Population
from tests.oracle.raw_files import Row
from tests.oracle.small_funnels import START
from tests.oracle.small_world import DAY, MOMENT, Observe, event, user

END = START + 50 * DAY
MARTS = (
    friction_by_funnel_step,
    funnel_conversion_by_cohort,
    segment_tests,
    milestone_survival_curve,
    activation_event_candidates,
    event_transitions,
    milestone_dependence,
)
SEEDS = {
    "funnels": (
        "f,1,a,A,2d,,,,\nf,2,b,B,2d,true,,,\nf,3,c,C,2d,,k,is_not,1\nf,4,d,A,2d,,,,\n"
        "g,1,a,,40d,,,,\ng,5,b,B,40d,,k,,1\n"
    ),
    "funnel_exclusions": "f,X,,,,,\nf,B,3,4,k,exists,\n",
    "event_catalog": "X,false,true\nC,,true\n",
    "milestones": (
        "m1,sentence,0.5,7d,A,1,default,true,true,1,,\n"
        "m2,sentence,0.5,20d,B,2,default,true,false,,2,7\n"
    ),
}
VARIABLES = {
    "observed_until": END.isoformat(),
    "minimum_group_users": 5,
    "discovery_outcome_week": 2,
    "discovery_windows_days": [3, 13],
}


def random_rows(rng: random.Random) -> tuple[list[Row], list[Row]]:
    users = [
        user(f"u{n}", START + rng.randrange(30) * DAY, install_source=rng.choice("ab"))
        for n in range(60)
    ]
    events = []
    for number in range(900):
        member = rng.choice(users)
        hours = timedelta(hours=rng.choice((rng.randrange(48), rng.randrange(480))))
        instant = min(member["created_at"] + hours, END)
        rest = rng.choice((None, '{"k":1}', '{"k":"2"}'))
        name = rng.choice("AABBCX")
        events.append(event(number, instant, member["user_id"], event_name=name, properties=rest))
    return users, events


def cells(population: Population) -> dict[str, list[Row]]:
    """All rows of each mart, whatever their order."""
    return {
        mart.__name__: sorted(mart(population), key=lambda row: str(list(row.values())))
        for mart in MARTS
    }


def test_no_cell_changes(population_of_rows: Observe) -> None:
    rng = random.Random(1)
    users, events = random_rows(rng)
    expected = cells(
        population_of_rows(users=users, events=events, seeds=SEEDS, variables=VARIABLES)
    )
    assert all(expected.values())
    assert any(row["statistic"] is not None for row in expected["segment_tests"])
    late = [
        event(10_000 + n, END + MOMENT, member["user_id"], event_name=name, properties='{"k":1}')
        for n, (member, name) in enumerate(zip(users, "ABCXAB" * 10, strict=True))
    ]
    newcomers = [user("late", END + MOMENT, install_source="a")]
    found = cells(
        population_of_rows(
            users=rng.sample(users * 2 + newcomers, 2 * len(users) + 1),
            events=rng.sample(events * 2 + late, 2 * len(events) + len(late)),
            seeds=SEEDS,
            variables=VARIABLES,
        )
    )
    assert found == expected
