"""What is special about the world of a random case, and the vars that it is built with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.oracle.random_endings import ENDINGS, Ending, Horizon, with_offset
from tests.oracle.random_values import DAY


@dataclass(frozen=True)
class Traits:
    """Each follows from the number of the case, at a speed of its own."""

    number: int

    @property
    def ending(self) -> Ending:
        return ENDINGS[self.number % len(ENDINGS)]

    @property
    def has_integer_ids(self) -> bool:
        return self.number % 3 == 2

    @property
    def is_sole_user(self) -> bool:
        """Most events then are those of users that nobody knows."""
        return self.number % 11 == 10

    @property
    def is_before_everything(self) -> bool:
        return self.number % 29 == 28

    @property
    def has_updated_at(self) -> bool:
        return self.number % 2 == 1

    @property
    def has_received_users(self) -> bool:
        return self.number % 4 == 3

    @property
    def has_received_events(self) -> bool:
        # An end of observation before the first delivery stops the build.
        return (self.number % 3 == 1 or self.number % 7 == 1) and not self.is_before_everything

    @property
    def has_shared_event_ids(self) -> bool:
        """As where ids restart in each file."""
        return self.number % 4 == 1

    @property
    def has_lost_date(self) -> bool:
        return self.number % 4 == 2

    @property
    def has_late_history(self) -> bool:
        """The events begin after the first signups."""
        return self.number % 5 == 3

    @property
    def is_alone_at_the_end(self) -> bool:
        """One event lies long after all others."""
        return self.number % 12 == 11 and self.ending.is_by_data

    @property
    def has_migrated_users(self) -> bool:
        return self.number % 6 == 1

    @property
    def has_equal_repeats(self) -> bool:
        """All rows of a user say the same, but for times."""
        return self.number % 6 == 2

    @property
    def has_late_invitees(self) -> bool:
        return self.number % 6 == 3

    @property
    def has_no_inviter(self) -> bool:
        return self.number % 6 == 4


RETENTION_VARIABLES: tuple[Mapping[str, object], ...] = (
    {},
    {
        "retention_days": 3,
        "retention_weeks": -1,
        "retention_months": 2,
        # They overlap, and one ends where nobody has been seen.
        "retention_brackets": [[0, 0], [1, 30], [3, 10], [200, 400]],
        "retention_on_or_after_days": [0, 2, 60],
        "retention_horizon_days": 60,
    },
    {
        "retention_days": -1,
        "retention_weeks": 2,
        "retention_months": -1,
        "retention_brackets": [],
        "retention_on_or_after_days": [10, 3],
        "retention_horizon_days": 21,
    },
    {
        "retention_weeks": 0,
        "retention_months": 0,
        "retention_brackets": [[5, 5], [2, 9]],
        "retention_on_or_after_days": [],
    },
)
# None: the var is left alone.
OTHER_VARIABLES: Mapping[str, tuple[object, ...]] = {
    "signup_tolerance": (None, 0, 6, 2, 26),
    "removed_rows_warning": (None, 0.01, 0.2),
    "minimum_group_users": (4, None, 2, 6),
    "significance_level": (None, 0.4, 0.1),
    "unreadable_rows_allowed": (0.02, None, 0.1, 0.05),
}


def variables_of(traits: Traits, horizon: Horizon) -> dict[str, object]:
    number = traits.number
    variables = dict(RETENTION_VARIABLES[number % len(RETENTION_VARIABLES)])
    for name, values in OTHER_VARIABLES.items():
        value = values[number % len(values)]
        if value is not None:
            variables[name] = value
    observed_until = traits.ending.as_text(horizon.observed_at)
    if traits.is_before_everything:
        observed_until = (horizon.start - 400 * DAY).isoformat()
    variables["observed_until"] = observed_until
    if horizon.observed_from is not None:
        forms = (
            lambda instant: instant.isoformat(" "),
            with_offset(-8),
            lambda instant: f"{instant.isoformat()} UTC",
        )
        is_date = horizon.observed_from == horizon.observed_from.replace(hour=0, minute=0)
        variables["observed_from"] = (
            horizon.observed_from.date().isoformat()
            if is_date
            else forms[number % len(forms)](horizon.observed_from)
        )
    return variables
