"""What the properties of an event say."""

from __future__ import annotations

import json
import re


def json_value(text: str | None) -> object:
    """The value of a text of JSON.

    Raises:
        ValueError: it is none.
    """
    return json.loads(
        text or "",
        # Of a key that stands twice, the first counts.
        object_pairs_hook=lambda pairs: dict(reversed(pairs)),
        parse_constant=refuse,
    )


def refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def is_json_object(text: str) -> bool:
    try:
        return isinstance(json_value(text), dict)
    except ValueError:
        return False


def text_of_key(properties: str | None, key: str) -> str | None:
    """The text of a top-level key: of a string, of an integer, of true and false.

    None where the key is absent or null. Of another kind of value it is a text that no definition
    can mean: such a value is there, and differs from every other.
    """
    try:
        decoded = json_value(properties)
    except ValueError:
        return None
    value = decoded.get(key) if isinstance(decoded, dict) else None
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f"\0{value}"


def invitations_in(properties: str | None) -> int:
    """The `count` of an invite: a JSON integer or its digits as a string, at least 1, else 1."""
    try:
        decoded = json_value(properties)
        count = decoded["count"] if isinstance(decoded, dict) else None
        if isinstance(count, str) and re.fullmatch("-?[0-9]+", count):
            count = int(count)
    except (ValueError, KeyError):
        return 1
    # `type`, as a JSON boolean would pass for an integer.
    fits_bigint = type(count) is int and -(2**63) <= count < 2**63
    return max(count, 1) if fits_bigint else 1
