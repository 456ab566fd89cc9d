"""The deck: what may happen to an export on a day, one function a card.

A card acts on the world and says what it did, or gives None where it finds nothing to act on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.replay.cards import arrivals, corrections, definitions, files, users

if TYPE_CHECKING:
    from tests.replay.world import World

Card = Callable[["World"], "str | None"]

ARRIVALS: tuple[Card, ...] = (
    arrivals.late_events,
    arrivals.late_by_exactly_a_window,
    arrivals.exact_repeats,
    arrivals.earlier_repeat,
    arrivals.much_earlier_repeat_of_newest,
    arrivals.later_repeat,
    arrivals.twins_one_by_one,
    arrivals.ids_of_several_users,
    arrivals.repeat_of_another_user,
    arrivals.earlier_repeat_of_another_user,
    arrivals.repeat_of_another_name,
    arrivals.repeat_of_other_properties,
    arrivals.events_without_id,
    arrivals.repeat_without_id,
    arrivals.events_before_their_user,
    arrivals.id_of_a_coming_user,
    arrivals.broken_rows,
    arrivals.events_before_signup,
    arrivals.events_a_little_early,
    arrivals.early_repeats,
    arrivals.future_events,
    arrivals.invitations,
    arrivals.gap,
)
USERS: tuple[Card, ...] = (
    users.earlier_signup,
    users.later_signup,
    users.other_inviter,
    users.other_plan,
    users.other_source,
    users.vanishing_users,
    users.excluded_user,
    users.excluded_user_of_newest_event,
    users.repeated_users,
    users.newer_rows_of_users,
    users.late_update,
    users.signup_over_midnight,
    users.early_row_of_a_user,
    users.broken_users,
    users.lost_signup,
    users.first_user_of_all,
)
CORRECTIONS: tuple[Card, ...] = (
    corrections.rows_removed,
    corrections.rows_added,
    corrections.timestamp_corrected,
    corrections.name_corrected,
    corrections.user_corrected,
    corrections.properties_corrected,
    corrections.id_corrected,
    corrections.values_exchanged,
    corrections.rows_in_another_order,
    corrections.only_activity_taken_back,
    corrections.date_emptied,
    corrections.newest_taken_back,
)
FILES: tuple[Card, ...] = (
    files.file_renamed,
    files.file_moved,
    files.file_deleted,
    files.file_of_another_form,
    files.file_copied,
    files.contents_exchanged,
    files.old_file_arrives,
    files.header_arrives,
    files.file_emptied,
    files.unreadable_lines,
    files.file_without_a_readable_line,
    files.unreadable_line_of_a_user,
)
DEFINITIONS: tuple[Card, ...] = (
    definitions.milestone_added,
    definitions.milestone_removed,
    definitions.milestone_weight,
    definitions.milestone_timeframe,
    definitions.milestone_min_count,
    definitions.milestone_min_days,
    definitions.milestone_trigger,
    definitions.milestone_requirement,
    definitions.milestone_path,
    definitions.event_made_passive,
    definitions.passive_event_made_meaningful,
    definitions.funnel_window,
    definitions.funnel_added,
    definitions.exclusion_removed,
    definitions.signal_added,
    definitions.signal_changed,
    definitions.band_changed,
    definitions.target_changed,
    definitions.observed_until_for_a_day,
    definitions.observed_from_for_days,
    definitions.another_tolerance,
)
# What keeps the number of rows and the times of arrival: only a look at the values finds it.
SHY: tuple[Card, ...] = (
    corrections.timestamp_corrected,
    corrections.name_corrected,
    corrections.user_corrected,
    corrections.properties_corrected,
    corrections.id_corrected,
    corrections.values_exchanged,
    files.contents_exchanged,
)
# What goes on for days: it has to begin early.
LONG: tuple[Card, ...] = (
    arrivals.twins_one_by_one,
    users.excluded_user,
    users.signup_over_midnight,
    users.early_row_of_a_user,
    definitions.observed_until_for_a_day,
    definitions.observed_from_for_days,
    definitions.another_tolerance,
)


def deck_of(form: str) -> tuple[Card, ...]:
    """All that may happen where events are delivered in this form."""
    own: dict[str, tuple[Card, ...]] = {
        "folder": (*CORRECTIONS, *FILES, definitions.another_freshness),
        "table": (
            *CORRECTIONS,
            files.export_of_another_form,
            definitions.another_activation_window,
        ),
        "arrivals": (files.arrival_at_the_newest_instant, definitions.another_invitation_event),
    }
    return (*ARRIVALS, *USERS, *DEFINITIONS, *own[form])
