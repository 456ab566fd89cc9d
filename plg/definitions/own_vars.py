"""vars.txt: your product's values of vars in dbt_project.yml.

One line per var, as in dbt_project.yml: `invitation_event: team_invited`. The file may be absent. It is no .yml,
because dbt would read that as its own; plg passes the values to dbt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FILE = "vars.txt"
# These vars say where raw tables are. They are no definitions.
PLACES = (
    "users_model",
    "events_model",
    "accounts_model",
    "subscriptions_model",
    "events_received_at",
)


def own_vars(folder: Path) -> dict[str, Any]:
    """The vars that a definitions folder sets; none where the file is absent or can't be read.

    Args:
        folder: of the definition CSVs.
    """
    found, problem = _read(folder / FILE)
    return {} if problem else found


def own_vars_problems(folder: Path) -> list[str]:
    """A sentence if the file can't be read. The check of all vars looks at names and values.

    Args:
        folder: of the definition CSVs.
    """
    found, problem = _read(folder / FILE)
    if problem:
        return [f"{folder / FILE}: {problem}."]
    return [
        f"{folder / FILE}: {name} says where your tables are; write it into dbt_project.yml."
        for name in PLACES
        if name in found
    ]


def _read(path: Path) -> tuple[dict[str, Any], str]:
    example = "write one line per var, such as invitation_event: team_invited"
    if not path.exists():
        return {}, ""
    try:
        found = yaml.safe_load(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        said = " ".join(str(error).split())
        return {}, f"it can't be read ({said}); {example}"
    if found is None:
        return {}, ""
    if not isinstance(found, dict) or not all(isinstance(name, str) for name in found):
        return {}, f"these are no names with values; {example}"
    return found, ""
