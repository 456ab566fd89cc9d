"""The values that random cases are made of, and the columns that hold them."""

from __future__ import annotations

from datetime import datetime, timedelta

Row = dict[str, object]
Seeds = dict[str, list[Row]]

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
THIRTY_DAYS = timedelta(days=30)

USER_COLUMNS = ("user_id", "account_id", "created_at", "plan_tier", "install_source", "invited_by")
EVENT_COLUMNS = ("event_id", "user_id", "event_name", "timestamp", "properties")
ALIAS_COLUMNS = ("alias_id", "user_id", "aliased_at")
ACCOUNT_COLUMNS = (
    "account_id",
    "created_at",
    "account_name",
    "seat_count",
    "trial_started_at",
    "trial_ends_at",
)
INSTANT_COLUMNS = (
    "started_at",
    "ended_at",
    "observed_until_at",
    "created_at",
    "timestamp",
    "updated_at",
    "received_at",
    "aliased_at",
    "trial_started_at",
    "trial_ends_at",
)
ID_COLUMNS = (
    "user_id",
    "account_id",
    "invited_by",
    "event_id",
    "anonymous_id",
    "alias_id",
    "subscription_id",
)
# What columns hold in a file of typed columns; all others hold text.
TYPED_COLUMNS = {"is_admin": "boolean", "is_partner": "boolean", "team_size": "bigint"}

# U+FF5E sorts before U+1F600 as UTF-8 bytes and code points, after it as UTF-16.
BELOW_ASTRAL, ASTRAL = "\uff5e", "\U0001f600"
COMPOSED, DECOMPOSED = "\u00e9t\u00e9", "e\u0301te\u0301"

PLAN_TIERS = ("free", "free", "pro", "enterprise", None, "", "unknown", "NULL", " ")
INSTALL_SOURCES = (
    "ads",
    "ads",
    "search",
    BELOW_ASTRAL,
    ASTRAL,
    COMPOSED,
    DECOMPOSED,
    'partner "north", paid',
    "all",
    "unknown",
    None,
    "",
)
ACCOUNTS = ("9", "10", "100", None)
# None of them is a time: no such date, another order of its parts, or a word for "no date".
UNREADABLE_INSTANTS = (
    "soon",
    "2024-02-30 10:00:00",
    "n/a",
    "31/01/2024 10:00",
    "2024-01-31 10:00:00 Mars/Olympus",
    "20240230",
    "1970-01-01 01:30:27",
    "1900-01-01",
    "0001-01-01T00:00:00Z",
    "1989-12-31 23:59:59.999999",
    "0",
    "86400",
    "99999999999",
    "100000000000",
    "100000000000000",
)
# The first instant that is one: long before any signup.
FIRST_INSTANT = datetime(1990, 1, 1)
FAR_FUTURE = datetime(2091, 5, 6, 7, 8, 9, 123456)
UNKNOWN_USER_IDS = ("90000001", "90000002")
NOISE_EVENTS = (
    "page_viewed",
    "page_viewed",
    "search_run",
    "heartbeat",
    "tooltip_shown",
    "user_login",
    "email_opened",
    f"{BELOW_ASTRAL}_opened",
    f"{ASTRAL}_opened",
    "invite_sent",
    "nan",
)
# Written as programs write them.
NO_IDS = ("Anonymous", "guest", "NIL", "undefined", "[object Object]", "0", "-1", "FALSE", "nan ")
NEVER_HAPPENS = "moon_landing_completed"
INVITE_PROPERTIES = (
    '{"count": 1}',
    '{"count": 3}',
    '{"count":-2}',
    '{"count":0}',
    '{"count":-0}',
    '{"count":3.0}',
    '{"count":3.7}',
    '{"count":1e2}',
    '{"count":"4"}',
    '{"count":"-5"}',
    '{"count":"+5"}',
    '{"count":"007"}',
    '{"count":"-0"}',
    '{"count":"4.0"}',
    '{"count":" 4"}',
    '{"count":"12345"}',
    '{"count":"x"}',
    '{"count":""}',
    '{"count":"\u0664"}',
    '{"count":true}',
    '{"count":null}',
    '{"count":{"count":5}}',
    '{"count":[6]}',
    '{"count":123456789012}',
    '{"count":9223372036854775808}',
    '{"count":"99999999999999999999"}',
    '{"count":2,"count":9}',
    '{"Count":5}',
    '{"c\\u006funt":5}',
    '{"count" :\n 4}',
    f'{{"team":"{BELOW_ASTRAL}, {ASTRAL}","count":12}}',
    '{"a.count":7}',
    '{"nested":{"count":5}}',
    "{}",
    '[{"count":5}]',
    "5",
    '"5"',
    '{"count":3',
    '{"count":3,}',
    '{"count":4,"size":NaN}',
    '{"count":5,"teams":["NaN, }",-Infinity]}',
    '{"count":6,"team":"inf,}"}',
    "not json",
    "{'count': 5, 'ref': None}",
    "NULL",
    "",
    None,
)
RIVAL_PROPERTIES = (
    f'{{"{BELOW_ASTRAL}":1,"count":8}}',
    f'{{"{ASTRAL}":1,"count":9}}',
    '{"Z":1,"count":10}',
    '{"a":1,"count":11}',
    None,
)
OTHER_PROPERTIES = (
    "{}",
    None,
    "",
    f'{{"label":"{BELOW_ASTRAL}"}}',
    f'{{"label":"{ASTRAL}"}}',
    '{"label":"Z"}',
    '{"label":"a"}',
)
