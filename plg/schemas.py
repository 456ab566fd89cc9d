"""The names of the schemas that a build writes to: the one place in Python that knows them.

macros/dbt_overrides/generate_schema_name.sql says the same to dbt; tests/engines/test_schemas.py holds
the two together.
"""

from __future__ import annotations

# The layers of the project, each with a schema of its own.
LAYERS = ("definitions", "staging", "intermediate", "marts", "semantic")
# With this schema as the target's, the layers have their plain names.
PLAIN = "main"


def schema_name(layer: str, target_schema: str = PLAIN) -> str:
    """The schema of a layer.

    Args:
        layer: one of LAYERS.
        target_schema: the schema of the dbt target, as PLG_SCHEMA says it.

    Returns:
        `marts` for the target schema `main`, `dev_marts` for `dev`.
    """
    return layer if target_schema == PLAIN else f"{target_schema}_{layer}"


def schema_names(target_schema: str = PLAIN) -> tuple[str, ...]:
    """The schemas of all layers, in the order of LAYERS."""
    return tuple(schema_name(layer, target_schema) for layer in LAYERS)
