"""What a name tells."""

from __future__ import annotations

import pytest

from plg.adopt import names
from tests.adapters.expected.values import snake_case
from tests.adapters.random_base import NAMES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Signed Up", "signed_up"),
        ("SignedUp", "signed_up"),
        ("signed_up", "signed_up"),
        ("APICallSuccess", "api_call_success"),
        ("HTML5Upload", "html5_upload"),
        ("3DView", "3_d_view"),
        ("iOSAppOpened", "i_os_app_opened"),
        ("ÜberSignup", "Über_signup"),
        ("[Amplitude] Page Viewed", "amplitude_page_viewed"),
        ("--", "--"),
    ],
)
def test_a_name_in_small_letters(name: str, expected: str) -> None:
    assert names.snake_case(name) == expected


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("$")])
def test_it_is_the_name_that_adapters_give_an_event(name: str) -> None:
    assert names.snake_case(name) == snake_case(name, "segment")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("account_created", "the signup itself"),
        ("Signed Up", "the signup itself"),
        ("joined", "the signup itself"),
        ("segment_pageview", "segment sends it by itself"),
        ("Page Viewed", "no action of the user"),
        ("page_views", ""),
        ("button_hovered", "its name has the word hovered"),
        ("error", "its name has the word error"),
        ("errors_fixed", ""),
        ("feature_flag_called", "its name has the word flag"),
        ("email_opened", "its name has the word email"),
        ("document_created", ""),
    ],
)
def test_an_event_without_use(name: str, reason: str) -> None:
    assert names.why_passive(name, {"joined"}, "segment") == reason


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("invite_sent", True),
        ("Team Invitation", True),
        ("user_invited", True),
        ("invite_accepted", False),
        ("invitation_email_opened", False),
        ("inviting", False),
    ],
)
def test_an_invitation(name: str, is_one: bool) -> None:
    assert names.is_invitation(name) == is_one


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *(("user_login", True), ("Logged In", True), ("user_signin", True)),
        *(("blog_in", False), ("catalog_opened", False)),
    ],
)
def test_a_login(name: str, is_one: bool) -> None:
    assert names.is_login(name) == is_one


@pytest.mark.parametrize(
    ("column", "is_one"),
    [
        *(("name", True), ("first_name", True), ("lastName", True), ("work_email", True)),
        *(("phone", True), ("ip", True), ("gender", True)),
        *(("company_name", False), ("country", False), ("role", False), ("shipping_method", False)),
    ],
)
def test_a_personal_column(column: str, is_one: bool) -> None:
    assert names.is_personal(column) == is_one
