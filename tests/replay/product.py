"""The invented product of the replay: its names, its dates and its deliveries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.oracle.random_values import ASTRAL, BELOW_ASTRAL
from tests.replay.files import Row

MICROSECOND = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# The days cross the end of a week, of a month and of a leap day.
HISTORY_START = datetime(2023, 12, 4)
FIRST_DAY = datetime(2024, 2, 5)
FIRST_USER_COUNT = 32
FAR_FUTURE = datetime(2091, 5, 6, 7, 8, 9)

PLAN_TIERS = ("free", "free", "pro", "enterprise", None)
INSTALL_SOURCES = ("ads", "ads", "search", BELOW_ASTRAL, ASTRAL, "partner", None)
EVENT_NAMES = (
    *("page_viewed", "page_viewed", "user_login", "report_viewed", "email_opened", "search_run"),
    *("invite_sent", "invite_sent", "document_created", "document_created", "file_uploaded"),
    *("api_call_success", "task_completed", "paid_feature_used", "onboarding_completed"),
)
TRIGGERS = ("report_viewed", "file_uploaded", "user_login", "paid_feature_used", "search_run")
TIMEFRAMES = ("12h", "3d", "7d", "2w", "30d", "45d")
PROPERTIES = ("{}", None, '{"label":"a"}', '{"label":"Z"}', f'{{"label":"{ASTRAL}"}}')
ENDINGS = (".parquet", ".parquet", ".csv", ".jsonl.gz")


@dataclass(eq=False)
class Batch:
    """What one delivery brought; in the form `folder`, one file below events/.

    Attributes:
        name: path of the file.
        rows: what can be read.
        modified_at: of the file.
        is_changed: whether the file has to be written again.
        broken_rows: rows of which the file holds a line that can't be read.
    """

    name: str
    rows: list[Row]
    modified_at: float
    is_changed: bool = True
    broken_rows: list[Row] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        return not self.name.endswith(".parquet")


@dataclass
class Due:
    """What a card has put off to a later day."""

    day: int
    act: Callable[[], str]
