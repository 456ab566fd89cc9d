"""event_catalog.csv and excluded_users.csv: which events and users count."""

from __future__ import annotations

from pydantic import BaseModel

from plg.definitions.cells import Flag, Key, UserId, or_blank
from plg.definitions.definition import Definition


class CatalogEvent(BaseModel):
    event_name: Key
    is_meaningful: or_blank(Flag, True)
    is_friction: or_blank(Flag, False) = False


class ExcludedUser(BaseModel):
    user_id: UserId
    reason: str


DEFINITIONS = (
    Definition("event_catalog", CatalogEvent, keys=(("event_name",),)),
    Definition("excluded_users", ExcludedUser, keys=(("user_id",),)),
)
