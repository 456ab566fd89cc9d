"""Checks of a vendor's tables beyond their markers."""

from __future__ import annotations

from collections.abc import Iterator

from duckdb import DuckDBPyConnection

from plg.input.forms import Call
from plg.input.unreadable import IS_UNREADABLE
from plg.input.vendor_tables import VendorView, as_text

# Where events of these vendors name users, and devices; properties.time is a key of the column properties.
IDS = {
    "amplitude": (("user_id",), ("amplitude_id", "device_id")),
    "ga4": (("user_id",), ("user_pseudo_id",)),
    "mixpanel": (
        ("$user_id", "user_id", "_user_id", "properties.$user_id"),
        ("distinct_id", "_distinct_id", "properties.distinct_id"),
    ),
    "snowplow": (("user_id",), ("domain_userid", "network_userid")),
}
# Mixpanel's rows of events that say whose a device is.
NAMES = ("event", "event_name", "name")
IDENTIFYING = ("$identify", "$create_alias", "$merge")
LISTS = ("event_params", "user_properties")


def wrong_values(
    connection: DuckDBPyConnection, vendor: str, views: list[VendorView], anonymous_users: bool
) -> Iterator[str]:
    """A sentence for each problem of a vendor's tables.

    Args:
        connection: any DuckDB connection.
        vendor: whose tables they are.
        views: the tables.
        anonymous_users: whether PLG_ANONYMOUS_USERS makes devices users.
    """
    if vendor == "ga4":
        for call in (call for view in views for call in view.calls[:1]):
            yield from _no_lists(connection, call)
    events = [view for view in views if view.entry.makes == "events"]
    # In Mixpanel, the other tables name users, too.
    if vendor == "mixpanel" and len(events) < len(views):
        return
    if vendor in IDS and not anonymous_users and _lacks_users(connection, vendor, events):
        yield (
            f"{events[0].files[0].parent}: column user_id: no row has a user id; set "
            "PLG_ANONYMOUS_USERS=true if the product has no login."
        )


def _no_lists(connection: DuckDBPyConnection, call: Call) -> Iterator[str]:
    """Looks at the first rows: if the form is wrong, it is wrong in all rows."""
    for name in LISTS:
        column = next((column for column in call.types if column.lower() == name), None)
        if column is None:
            continue
        found = connection.execute(
            f"select value from (select trim({as_text(call, column)}) as value from {call.sql} "
            f'where "{column}" is not null '
            "limit 100) where value not in ('', 'null') and case when json_valid(value) then "
            "json_type(value) <> 'ARRAY' or json_array_length(value) > 0 and not "
            "(json_exists(value, '$[0].key') and json_exists(value, '$[0].value')) else true end limit 1"
        ).fetchone()
        if found:
            yield (
                f"{call.files[0]}: column {column}: {found[0][:60]} is no list of keys and values; export it like "
                'BigQuery, as a list or JSON such as [{"key": "page", "value": {"string_value": "/a"}}].'
            )


def _lacks_users(connection: DuckDBPyConnection, vendor: str, views: list[VendorView]) -> bool:
    """Whether rows have devices, but no row has a user."""
    users, devices = IDS[vendor]
    is_empty = "value in ('', 'null')"
    return (
        not any(_has_value(connection, views, column, f"not {is_empty}") for column in users)
        and not any(_has_value(connection, views, c, f"value in {IDENTIFYING}") for c in NAMES)
        and any(_has_value(connection, views, column, f"not {is_empty}") for column in devices)
    )


def _has_value(
    connection: DuckDBPyConnection, views: list[VendorView], place: str, condition: str
) -> bool:
    """Whether a row has a value in a column, or under a key of it, that fulfils a condition."""
    column, _, key = place.partition(".")
    value = f'cast("{column}" as varchar)'
    if key:
        value = f"json_extract_string(try_cast({value} as json), '$.\"{key}\"')"
    return any(
        connection.execute(
            f"select 1 from (select trim(coalesce({value}, ''), ' \"') as value from ({view.query}) "
            f"where not {IS_UNREADABLE}) where {condition} limit 1"
        ).fetchone()
        for view in views
        if column in view.columns()
    )
