"""How a vendor's value is read: text, ids, times, JSON, names of events.

A value is what a file holds: null, text, a boolean, a number, an instant, a list or an object. Lists
and objects may come as the text of their JSON.

Text, ids and times are those of any input. The oracle reads them, which is as independent of models
and macros, so that no rule of them is written twice here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.oracle import values as oracle
from tests.oracle.values import is_no_id

Row = dict[str, object]


def as_text(value: object) -> str | None:
    """A value as a column of text holds it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return repr(value) if isinstance(value, float) else str(value)


def read_text(value: object) -> str | None:
    return oracle.read_text(as_text(value))


def read_name(value: object) -> str | None:
    """A name of an event, in which no word means null."""
    return oracle.trimmed(as_text(value))


def read_id(value: object) -> str | None:
    """An id as any input delivers it; the words for nobody included."""
    return oracle.read_id(as_text(value))


def legal_id(value: object) -> str | None:
    return first_id([value])[0]


def first_id(values: Iterable[object]) -> tuple[str | None, bool]:
    """The first value that is an id, and whether one is a word for nobody: each is tested."""
    texts = [read_id(value) for value in values]
    legal = (text for text in texts if text is not None and not is_no_id(text))
    return next(legal, None), any(map(is_no_id, texts))


def read_time(value: object) -> datetime | None:
    """An instant as naive UTC."""
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            value = value.astimezone(timezone.utc).replace(tzinfo=None)
        return oracle.read_time(value)
    return oracle.read_time(as_text(value)) if value is not None else None


def wall_time(instant: datetime | None, zone_name: str) -> datetime | None:
    """The instant of a wall time: the later of two, and the offset before the jump of one skipped."""
    if instant is None:
        return None
    zone = ZoneInfo(zone_name)
    offsets = [instant.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
    # Of a time that occurs twice it is the later instant's, of one skipped that before the jump.
    offset = min(offsets[0], offsets[1])
    return instant - (offset or timedelta(0))


class Pairs(dict):
    """An object of JSON of which only the first value of a key is kept."""


def _keep_first(pairs: list[tuple[str, object]]) -> Pairs:
    kept = Pairs()
    for key, value in pairs:
        kept.setdefault(key, value)
    return kept


def read_json(value: object) -> object:
    """A list or object, also where it comes as text; text that is no JSON stays text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_float=Decimal, object_pairs_hook=_keep_first)
    except ValueError:
        return value


def read_object(value: object) -> dict[str, object]:
    """An object; an empty one where the value is none."""
    found = read_json(value)
    return found if isinstance(found, dict) else {}


def first_element(value: object) -> object:
    """The first element of a list; anything else is itself."""
    found = read_json(value) if isinstance(value, str) and value.startswith("[") else value
    if isinstance(found, list):
        return found[0] if found else None
    return found


def snake_case(name: str | None, source: str) -> str | None:
    """The name of an event as the marts spell it; letters are those of ASCII."""
    if name is None:
        return None
    text = f"{source}_{name[1:]}" if name.startswith("$") else name
    text = re.sub(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+", "_", text)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    text = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    text = "".join(c.lower() if "A" <= c <= "Z" else c for c in text)
    return re.sub(r"_+", "_", text).strip("_") or name
