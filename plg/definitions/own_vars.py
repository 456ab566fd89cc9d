"""vars.csv: the vars of dbt_project.yml that have another value for this product.

The file may be absent. plg gives its values to dbt, so no model and no yml reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from plg.definitions.cells import Text, one_of
from plg.definitions.dbt_vars import Vars
from plg.definitions.definition import Definition, Rows, read_rows

# Where raw tables are is no definition.
PLACES = ("users_model", "events_model", "events_received_at")


class OwnVar(BaseModel):
    name: one_of(*(name for name in Vars.model_fields if name not in PLACES))
    value: Text


def _problems(rows: Rows) -> Iterator[str]:
    for line, row in rows:
        try:
            yaml.safe_load(row.value)
        except (yaml.YAMLError, ValueError):
            yield (
                f"row {line} ({row.name}), column value: {row.value!r} can't be read; write it as in "
                "dbt_project.yml, such as 30, a_name or [a, b]"
            )


OWN_VARS = Definition("vars", OwnVar, keys=(("name",),), problems=_problems, is_optional=True)


def own_vars(folder: Path) -> dict[str, Any]:
    """The vars that a definitions folder sets; a row that can't be read is left to the check of the folder.

    Args:
        folder: of the definition CSVs.
    """
    found = {}
    for _, row in read_rows(folder / f"{OWN_VARS.name}.csv", OWN_VARS)[0]:
        try:
            found[row.name] = yaml.safe_load(row.value)
        except (yaml.YAMLError, ValueError):
            continue
    return found
