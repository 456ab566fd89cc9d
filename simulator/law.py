"""The planted law: channels, classes of users, delays, retention, invitations and dirt.

Everything that you may want to change is here; `refuse_impossible_law` checks that it adds up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date

START_DATE = date(2024, 1, 1)  # a Monday; the data end at START_DATE + days, midnight UTC


@dataclass(frozen=True)
class Channel:
    """A users.install_source. Shares are of its users; what is left has neither core milestone."""

    name: str | None
    weight: float  # share of the users who come alone, before the calendar's stories
    both: float  # invite and document in time: the activation rate
    only_invite: float
    only_document: float
    pace: float  # stretches every delay: above 1 is slower
    acceptance: float  # probability that an invitation becomes a signup

    @property
    def segment(self) -> str:
        return self.name or "unknown"

    @property
    def class_shares(self) -> tuple[float, float, float, float]:
        left = 1 - self.both - self.only_invite - self.only_document
        return (self.both, self.only_invite, self.only_document, left)


CHANNELS = (
    Channel(
        "organic", 0.34, both=0.37, only_invite=0.08, only_document=0.17, pace=1.0, acceptance=0.30
    ),
    Channel(
        "paid_search",
        0.27,
        both=0.24,
        only_invite=0.08,
        only_document=0.15,
        pace=1.2,
        acceptance=0.22,
    ),
    Channel(
        "content", 0.16, both=0.34, only_invite=0.06, only_document=0.18, pace=1.1, acceptance=0.25
    ),
    Channel(
        "partner", 0.14, both=0.50, only_invite=0.08, only_document=0.12, pace=0.9, acceptance=0.35
    ),
    Channel(
        "product_hunt",
        0.05,
        both=0.18,
        only_invite=0.12,
        only_document=0.15,
        pace=0.8,
        acceptance=0.28,
    ),
    Channel(None, 0.04, both=0.30, only_invite=0.08, only_document=0.14, pace=1.0, acceptance=0.25),
    Channel(
        "referral", 0.0, both=0.45, only_invite=0.11, only_document=0.17, pace=0.8, acceptance=0.34
    ),
)
REFERRAL = len(CHANNELS) - 1  # the channel of everybody who was invited

# The release faster_invite: of those who sign up from this date on, so many more of each channel send
# an invitation, and would have done nothing without it.
FASTER_INVITE_FROM, FASTER_INVITE_POINTS = date(2024, 4, 15), 0.06
# The cells: each channel before the release, then each channel since.
CELLS = CHANNELS + tuple(
    replace(channel, only_invite=channel.only_invite + FASTER_INVITE_POINTS) for channel in CHANNELS
)

CLASSES = ("both", "only_invite", "only_document", "neither")


@dataclass(frozen=True)
class Delay:
    """From signup to a milestone: it happens with `probability`, then at a truncated exponential
    delay from `start_days` to `end_days`, of scale `scale_days` times the channel's pace."""

    probability: float
    start_days: float
    end_days: float
    scale_days: float

    def share_by(self, days: float, pace: float) -> float:
        """Share of those who do it that have done it `days` after signup."""
        scale = self.scale_days * pace
        elapsed = min(max(days, self.start_days), self.end_days) - self.start_days
        return math.expm1(-elapsed / scale) / math.expm1((self.start_days - self.end_days) / scale)


MILESTONES = ("m1", "m2", "m3", "m4")
# As shipped in seeds/milestones.csv.
MILESTONE_TIMEFRAME_DAYS = (7, 14, 30, 30)
REQUIRED, FIRST_VALUE = (0, 1), 1

INVITE, _LATE_INVITE = Delay(1.0, 0, 7, 1.6), Delay(0.06, 8, 27, 8)
_DOCUMENT, _LATE_DOCUMENT = Delay(1.0, 0, 14, 4.5), Delay(0.10, 15, 29, 8)
DELAYS = {
    "both": (INVITE, _DOCUMENT, Delay(0.09, 0, 30, 8), Delay(0.12, 0, 30, 8)),
    "only_invite": (INVITE, _LATE_DOCUMENT, Delay(0.05, 0, 30, 8), Delay(0.06, 0, 30, 8)),
    "only_document": (_LATE_INVITE, _DOCUMENT, Delay(0.10, 0, 30, 8), Delay(0.12, 0, 30, 8)),
    "neither": (_LATE_INVITE, _LATE_DOCUMENT, Delay(0.02, 0, 30, 8), Delay(0.03, 0, 30, 8)),
}

# P(active on day 0), P(active on day 1), decay: P(active on day n) = day 1 * n ** -decay.
RETENTION = {
    "both": (0.96, 0.72, 0.42),
    "only_invite": (0.92, 0.62, 0.60),
    "only_document": (0.88, 0.42, 0.55),
    "neither": (0.78, 0.20, 0.65),
}
# From day 15 on, when the documents in time are written, this factor: for those whose first document
# came within EARLY_DOCUMENT_DAYS, and for the others. So a document in the first week makes users
# stay, and whoever shows up often without one does not.
HABIT_DAY, EARLY_DOCUMENT_DAYS = 15, 7
HABIT = {
    "both": (1.2, 0.2),
    "only_invite": (1.0, 0.4),
    "only_document": (1.8, 0.2),
    "neither": (1.0, 1.0),
}
EVENTS_PER_VISIT = {"both": 3.2, "only_invite": 2.7, "only_document": 2.7, "neither": 1.9}

# Invitations of a user who invites: number and probability.
INVITATIONS = {1: 0.40, 2: 0.25, 3: 0.15, 4: 0.10, 5: 0.06, 8: 0.04}
INVITATION_WINDOW_DAYS = 30
ACCEPTANCE_SCALE_DAYS = 4.0

# Friction. Whoever logs in within ATTEMPT_DAYS tries to invite. An error within minutes of that first
# login meets ERROR_SHARE of them, and multiplies the share that goes on to invite by ERROR_EFFECT.
ATTEMPT_DAYS = 14
ERROR_SHARE, ERROR_EFFECT = 0.3, 0.5
# Clicks in anger, after the first login and after the first invitation: no effect on anything.
RAGE_AFTER_LOGIN, RAGE_AFTER_INVITE = 0.08, 0.12

# The way to a subscription. A user takes it at most once, on one date: that of the first visit after
# a delay of this scale. Whoever contacts sales does so before the click.
LIMIT_HIT_SHARE = {"both": 0.8, "only_invite": 0.55, "only_document": 0.55, "neither": 0.35}
LIMIT_DAYS_SCALE = 6.0
PROMPT_SHARE, SALES_SHARE, CLICK_SHARE = 0.80, 0.10, 0.35
SUBSCRIPTION_SHARE = {True: 0.80, False: 0.20}  # by whether the current plan is a paid one


@dataclass(frozen=True)
class Experiment:
    """Of those who sign up in [starts, ends), `exposed_share` see a variant within `latest_seconds`."""

    experiment_id: str
    variants: tuple[str, str]  # the control first
    starts: date
    ends: date | None
    control_share: float = 0.5
    activation_points: float = 0.0  # by how much the activation of the second variant is higher
    exposed_share: float = 1.0
    latest_seconds: int = 30


EXPERIMENTS = (
    Experiment(
        "onboarding_checklist",
        ("control", "checklist"),
        date(2024, 3, 4),
        date(2024, 5, 6),
        activation_points=0.08,
    ),
    Experiment("aa_check", ("a", "b"), date(2024, 2, 5), date(2024, 3, 4)),
    Experiment(
        "pricing_page",
        ("control", "short"),
        date(2024, 4, 1),
        None,
        control_share=0.55,  # of a split that should be even
        exposed_share=0.8,
        latest_seconds=3_600,
    ),
)
EXPOSED_AGAIN_SHARE = 0.05  # to the same variant, a day later
MIXED_SHARE = 0.003  # to the other variant, a day later

# What a user may do on one of the first days: with this probability it plans to, on a day of these
# shares, and does it if active on that day. So the share that does it by day n is exact: the shares up
# to n, times the retention. A planned day lies clear of the ends of 3 and 7 days after the signup.
EARLY_USE: dict[str, tuple[float, dict[int, float]]] = {
    "project_created": (0.63, {0: 0.60, 1: 0.20, 2: 0.12, 5: 0.08}),
    "output_shared": (0.30, {0: 0.35, 1: 0.25, 2: 0.15, 4: 0.15, 6: 0.10}),
    "paid_feature_used": (0.09, {0: 0.50, 1: 0.25, 2: 0.15, 4: 0.10}),
}
# A tour of paid features for new users of a channel, from a Sunday on, so that a whole week of
# snapshots has it: they use one on the day of the signup, if active. It brings points and makes nobody
# pay.
TOUR_CHANNEL, TOUR_FROM, TOUR_SHARE = "referral", date(2024, 5, 5), 0.95

# Who pays. An account (a user without one: itself) has done a behaviour where its users have as many
# such events before the first midnight SNAPSHOT_AGE_DAYS after its start. These add to the log-odds
# that it pays within CONVERSION_DAYS of that midnight; 0 is a decoy. Paid features of the tour don't.
SNAPSHOT_AGE_DAYS, CONVERSION_DAYS = 7, 30
CONVERSION_INTERCEPT = -3.3
BEHAVIORS: dict[str, tuple[str, int, float]] = {
    "invited": ("invite_sent", 1, 0.9),
    "documented": ("document_created", 1, 0.6),
    "documented_three": ("document_created", 3, 0.0),
    "called_api": ("api_call_success", 1, 0.0),
    "finished_task": ("task_completed", 1, 0.0),
    "came_back": ("user_login", 3, 0.5),
    "onboarded": ("onboarding_completed", 1, 0.0),
    "paid_feature": ("paid_feature_used", 1, 1.6),
}
CONVERSION_SCALE_DAYS = 12.0  # of the delay after the snapshot, an exponential without an end
CONVERTED_BEFORE_SHARE = 0.01  # at any time before the snapshot, whatever was done

# What a subscription is like.
MONTHLY_AMOUNTS = {"29": 0.5, "79": 0.3, "199": 0.2}
CANCELLED_SCALE_DAYS, PRICE_CHANGE_SHARE, PRICE_CHANGE_DAYS = 400.0, 0.15, 45
TRIAL_SHARE = 0.08  # of those who never pay: a free period of 14 days from the snapshot on
SUBSCRIPTION_KEYS = {"account": 0.6, "user": 0.2, "both": 0.2}  # what the row of an account names
SUBSCRIPTION_DIRT = {
    "same_row_again": 0.02,  # duplicate_subscription
    "negative": 0.02,  # bad_value: a refund
    "empty_period": 0.02,  # ends when it starts
    "unknown_user": 0.02,  # names a user who is not there, and no account
    "missing_key": 0.02,  # id, time or amount null, or neither account nor user
}
ACCOUNT_DIRT = {
    "repeated_later": 0.01,  # duplicate_account: created_at hours later, fewer seats
    "missing_key": 0.005,  # account_id null
}
RULE_OF_FURTHER_DIRT = {
    "subscriptions": {
        "same_row_again": "duplicate_subscription",
        "negative": "bad_value",
        "empty_period": "empty_period",
        "unknown_user": "unknown_user",
        "missing_key": "missing_key",
    },
    "accounts": {"repeated_later": "duplicate_account", "missing_key": "missing_key"},
}
NOBODY_SIGNED_UP_SHARE = 0.01  # accounts without a user, beside those with one

# A copy of the definitions in which this cell of milestones.csv differs (definitions.py).
CHANGED_MILESTONE, CHANGED_TIMEFRAME_DAYS = "m1", 3

# plan_tier by class, so that paying users look more engaged; None is a user without a plan.
PLAN_TIERS = ("free", "pro", "team", "enterprise", None)
PLAN_TIER_SHARES = {
    "both": (0.52, 0.20, 0.15, 0.07, 0.06),
    "only_invite": (0.72, 0.10, 0.06, 0.02, 0.10),
    "only_document": (0.74, 0.10, 0.05, 0.01, 0.10),
    "neither": (0.83, 0.04, 0.01, 0.00, 0.12),
}

# Share of the clean events beside which (or, blanked, on which) dirt is planted; and of the users.
EVENT_DIRT = {
    "same_row_again": 0.006,  # duplicate_event: same event_id, same row
    "sent_again_later": 0.004,  # duplicate_event: same event_id, up to two days later
    "same_row_again_without_id": 0.001,  # duplicate_event: both rows without event_id
    "blank_event_id": 0.004,  # counts: an event without event_id is still an event
    "missing_key": 0.003,  # user_id, event_name or timestamp null
    "future_event": 0.001,  # a hundred years ahead
    "unknown_user": 0.003,
    "before_signup": 0.003,  # one to eleven hours before the user's signup
}
USER_DIRT = {
    "same_row_again": 0.006,  # duplicate_user
    "repeated_later": 0.006,  # duplicate_user: created_at hours later, another plan_tier
    "missing_key": 0.003,  # user_id or created_at null
    "future_event": 0.002,  # an unknown user_id, a hundred years ahead
}
RULE_OF_DIRT = {
    # Rows of the layer of ids (identities.py).
    "merged_user": ("merged_user", None),
    "anonymous_event": (None, "anonymous_event"),
    "anonymous_before_signup": (None, "anonymous_before_signup"),
    "same_row_again": ("duplicate_user", "duplicate_event"),
    "sent_again_later": (None, "duplicate_event"),
    "same_row_again_without_id": (None, "duplicate_event"),
    "repeated_later": ("duplicate_user", None),
    "missing_key": ("missing_key", "missing_key"),
    "future_event": ("future_event", "future_event"),
    "unknown_user": (None, "unknown_user"),
    "before_signup": (None, "before_signup"),
}
RULES = {
    "users": (
        *("unreadable_row", "missing_key", "future_event", "duplicate_user", "merged_user"),
        "excluded_user",
    ),
    "events": (
        *("unreadable_row", "missing_key", "future_event", "excluded_user", "anonymous_event"),
        *("unknown_user", "anonymous_before_signup", "before_signup", "duplicate_event"),
    ),
}

# Shares of users, and of events of a device that one user has.
IDENTITY = {
    "has_device": 0.8,
    "shares_device": 0.02,  # that of a colleague, who signed up just before
    "has_second_id": 0.02,  # a trial before the account, and an alias that joins both
    "merged_within_days": 10,
    "visits_before": 0.15,  # a visit of the site before the signup
    "visitors_a_user": 0.1,  # visitors who never sign up
    "without_user": 0.05,  # events with the device alone
}
# Columns of users that say nothing about what they do: the digest they are drawn from, and shares.
USER_COLUMN_VALUES: dict[str, tuple[str, int, dict[str | None, float]]] = {
    "country": (
        "account_digest",
        1,
        {"US": 0.38, "DE": 0.16, "GB": 0.12, "IN": 0.10, "BR": 0.08, "FR": 0.06, None: 0.10},
    ),
    "role": (
        "identity_digest",
        3,
        {"engineer": 0.34, "product": 0.26, "design": 0.18, "marketing": 0.12},
    ),
}

# Names and properties: (event, weight in percent, properties to choose from).
ORDINARY_EVENTS = (
    ("document_viewed", 34, ('{"type": "page"}', '{"type": "board"}', '{"type": "sheet"}')),
    ("dashboard_opened", 18, ('{"source": "sidebar"}', '{"source": "link"}')),
    ("search_performed", 16, ('{"results": 0}', '{"results": 3}', '{"results": 12}')),
    ("comment_added", 14, ('{"mentions": 0}', '{"mentions": 1}')),
    ("file_uploaded", 8, ('{"kind": "image"}', '{"kind": "pdf"}')),
    ("report_exported", 6, ('{"format": "csv"}', '{"format": "pdf"}')),
    ("settings_changed", 4, ("{}",)),
)
NAMED_EVENTS = {
    "user_signup": ("{}",),
    "user_login": ('{"method": "password"}', '{"method": "sso"}', '{"method": "google"}'),
    "onboarding_completed": ('{"steps": 4}', '{"steps": 5}'),
    "document_created": (
        '{"template": "blank"}',
        '{"template": "meeting"}',
        '{"template": "plan"}',
    ),
    "api_call_success": ('{"endpoint": "/v1/items"}', '{"endpoint": "/v1/search"}'),
    "task_completed": ('{"priority": "normal"}', '{"priority": "high"}'),
    "paid_feature_used": ('{"feature": "audit_log"}', '{"feature": "automation"}'),
    "email_opened": ('{"campaign": "welcome"}', '{"campaign": "tips"}', '{"campaign": "digest"}'),
    "notification_received": ('{"channel": "push"}', '{"channel": "in_app"}'),
    "account_reached_ten_users": ('{"users": 10}',),
    "error_shown": ('{"code": "timeout"}', '{"code": "address_rejected"}'),
    "rage_click": ('{"element": "button"}', '{"element": "menu"}'),
    "limit_hit": ('{"limit": "members"}', '{"limit": "storage"}', '{"limit": "documents"}'),
    "prompt_viewed": ('{"place": "dialog"}', '{"place": "banner"}'),
    "sales_contacted": ('{"channel": "chat"}', '{"channel": "form"}'),
    "upgrade_clicked": ('{"plan": "pro"}', '{"plan": "team"}'),
    "subscription_started": ('{"period": "month"}', '{"period": "year"}'),
    "project_created": ('{"visibility": "private"}', '{"visibility": "team"}'),
    "output_shared": ('{"by": "link"}', '{"by": "mail"}'),
}
EMAIL_DAYS, EMAIL_SHARE = (1, 3, 7, 14, 28), 0.30
NOTIFICATION_DAYS, NOTIFICATION_SHARE = (2, 5, 10, 20), 0.25


def signup_weight(channel: Channel, day: int, days: int) -> float:
    """The calendar of signups without an invitation, with its stories: growth, quiet weekends, a
    launch on Product Hunt, a partner programme that opens later, a pause of paid search."""
    weekday_rhythm = (1.0, 1.08, 1.06, 1.02, 0.9, 0.55, 0.5)[day % 7]
    weight = channel.weight * weekday_rhythm * (1 + 1.5 * day / days)
    progress = day / days
    since_launch = day - round(0.4 * days)
    if channel.name == "product_hunt":
        weight *= (30, 18, 10, 6, 4)[since_launch] if 0 <= since_launch < 5 else 1
    if channel.name == "partner":
        weight *= min(max((progress - 0.3) / 0.2, 0), 1)
    if channel.name == "paid_search" and 0.6 <= progress < 0.68:
        weight *= 0.15
    return weight


def retention_on_day(class_name: str, day: int, is_early: bool) -> float:
    """Probability that a user is active on the given day after the signup's date.

    Args:
        class_name: the user's class.
        day: from 0 on.
        is_early: whether the first document came within EARLY_DOCUMENT_DAYS.
    """
    day_zero, day_one, decay = RETENTION[class_name]
    ordinary = day_zero if day == 0 else day_one * day**-decay
    return ordinary if day < HABIT_DAY else ordinary * HABIT[class_name][not is_early]


def refuse_impossible_law() -> None:
    """Refuses milestones that alone make more days active than the retention says.

    Raises:
        ValueError: the law contradicts itself; the message names the class and the day.
    """
    if max(delay.end_days for delays in DELAYS.values() for delay in delays) > 30:
        raise ValueError("A delay in DELAYS ends after 30 days, where only visits are drawn.")
    for class_name in CLASSES:
        document = DELAYS[class_name][FIRST_VALUE]
        if document.start_days < EARLY_DOCUMENT_DAYS and document.end_days > HABIT_DAY - 1:
            raise ValueError(
                f"Documents of class {class_name} may be early or not and come until day "
                f"{document.end_days}, but HABIT begins on day {HABIT_DAY}: begin it later."
            )
    for channel in CELLS:
        if min(channel.class_shares) < 0:
            raise ValueError(f"The class shares of channel {channel.segment} exceed 1.")
        for name in CLASSES:
            for day in range(32):
                for hour in range(25):
                    starts = day - hour / 24
                    idle = math.prod(
                        1
                        - d.probability
                        * (d.share_by(starts + 1, channel.pace) - d.share_by(starts, channel.pace))
                        for d in DELAYS[name]
                    )
                    least = min(retention_on_day(name, day, is_early) for is_early in (True, False))
                    if 1 - idle > least:
                        raise ValueError(
                            f"RETENTION of class {name} on day {day} is "
                            f"{least:.3f}, but its milestones alone make "
                            f"{1 - idle:.3f} of {channel.segment} users active: raise the "
                            "retention or slow the milestones in DELAYS."
                        )
