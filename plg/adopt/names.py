"""What the name of an event or a column says about its meaning."""

from __future__ import annotations

import re
from itertools import pairwise

# The events that are a signup, the likeliest first.
SIGNUPS = (
    "user_signup",
    "signed_up",
    "sign_up",
    "user_signed_up",
    "signup",
    "account_created",
    "user_created",
    "user_registered",
    "registered",
)
# Events that the user does not do on purpose: a page was seen, an app was opened.
PASSIVE = {
    "page_view",
    "page_viewed",
    "screen_view",
    "screen_viewed",
    "session_start",
    "session_started",
    "session_end",
    "first_visit",
    "user_engagement",
    "app_opened",
    "application_opened",
}
# Words of events that show no use of the product.
PASSIVE_WORDS = {
    *("hover", "hovered", "scroll", "scrolled", "tooltip", "impression", "heartbeat", "ping"),
    *("error", "exception", "crash", "exposure", "flag", "notification", "email", "rage", "debug"),
}
LOGIN_WORDS = {"login", "logged", "signin"}
INVITATION_WORDS = {"invite", "invited", "invites", "invitation"}
# What others do with an invitation.
ANSWER_WORDS = {"accepted", "received", "clicked", "opened", "viewed"}
# Columns of numbers that say how large a customer is.
SIZE_WORDS = {"seat", "seats", "employees", "size"}
# Columns with personal data.
PERSONAL_WORDS = {
    *("email", "emails", "mail", "phone", "mobile", "fax", "firstname", "lastname", "fullname"),
    *(
        "surname",
        "username",
        "nickname",
        "address",
        "street",
        "zip",
        "zipcode",
        "postcode",
        "postal",
    ),
    *(
        "ip",
        "ssn",
        "birth",
        "birthday",
        "birthdate",
        "dob",
        "age",
        "gender",
        "sex",
        "race",
        "religion",
    ),
    *(
        "latitude",
        "longitude",
        "lat",
        "lon",
        "lng",
        "avatar",
        "photo",
        "password",
        "token",
        "secret",
    ),
}
WHOSE_NAME = {"first", "last", "middle", "full", "given", "family", "user", "display", "nick"}
NO_SEGMENT_ENDINGS = ("_id", "_at", "_date")


def snake_case(name: str) -> str:
    """A name in small letters, its words parted by `_`; only ASCII letters change.

    `Signed Up`, `SignedUp` and `signed_up` are one name; `APICallSuccess` is api_call_success. A name without
    any letter or digit stays.
    """
    text = re.sub(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+", "_", name)
    text = re.sub(r"([a-z0-9])(?=[A-Z])", r"\1_", text)
    text = re.sub(r"([A-Z])(?=[A-Z][a-z])", r"\1_", text)
    text = re.sub("[A-Z]", lambda letter: letter[0].lower(), text)
    return re.sub("_+", "_", text).strip("_") or name


def words_of(name: str) -> set[str]:
    """The words of a name, whatever its spelling."""
    return set(snake_case(name).split("_"))


def why_passive(name: str, signup_events: set[str], source: str) -> str:
    """Why an event shows no use of the product, in a few words; empty where nothing says so."""
    plain = snake_case(name)
    if name in signup_events or plain in SIGNUPS:
        return "the signup itself"
    if name.startswith(f"{source}_"):
        return f"{source} sends it by itself"
    if plain in PASSIVE:
        return "no action of the user"
    found = sorted(words_of(name) & PASSIVE_WORDS)
    return f"its name has the word {found[0]}" if found else ""


def is_login(name: str) -> bool:
    """Whether the event says only that somebody logged in."""
    return bool(words_of(name) & LOGIN_WORDS)


def is_invitation(name: str) -> bool:
    """Whether a user does it to invite others."""
    words = words_of(name)
    return bool(words & INVITATION_WORDS) and not words & ANSWER_WORDS


def is_size(column: str) -> bool:
    """Whether a column of numbers says how large a customer is."""
    return bool(words_of(column) & SIZE_WORDS)


def is_personal(column: str) -> bool:
    """Whether the column's name suggests personal data."""
    parts = snake_case(column).split("_")
    if parts == ["name"] or set(parts) & PERSONAL_WORDS:
        return True
    return any(word == "name" and before in WHOSE_NAME for before, word in pairwise(parts))
