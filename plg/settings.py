"""The settings: where plg reads and writes. Made once, from the environment.

Nothing else in plg reads os.environ. A relative path is meant from the folder that you are in; a
setting that is blank has its default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

# The settings that are paths: the variable, and the default in the project's folder ...
INPUTS = {"raw_dir": ("PLG_RAW_DIR", "sample"), "definitions_dir": ("PLG_DEFINITIONS_DIR", "seeds")}
# ... or in the folder of all outputs.
OUTPUTS = {
    "database": ("PLG_DATABASE", "plg.duckdb"),
    "report_dir": ("PLG_REPORT_DIR", "report"),
    "publish_dir": ("PLG_PUBLISH_DIR", "published"),
    "history_dir": ("PLG_HISTORY_DIR", "history"),
    "handoff_dir": ("PLG_HANDOFF_DIR", "handoff"),
    "spark_warehouse": ("PLG_SPARK_WAREHOUSE", "plg_spark"),
    "target_dir": ("DBT_TARGET_PATH", "target"),
    "log_dir": ("DBT_LOG_PATH", "logs"),
}
PREFIXES = ("PLG_", "DBT_")


@dataclass(frozen=True)
class Settings:
    """Where plg reads and writes; every path is absolute.

    Attributes:
        project: the checkout.
        caller: the folder that you are in.
        output_dir: takes all outputs that have no setting of their own: PLG_OUTPUT_DIR, else the
            checkout, else (where the checkout can't be written) the folder that you are in.
        raw_dir: folder of the raw files.
        definitions_dir: folder of the definition CSVs.
        database: the DuckDB file that a build writes.
        report_dir: folder of the report.
        publish_dir: folder of the publications.
        history_dir: folder of the metrics' values under earlier definitions.
        handoff_dir: folder of the files for a CRM, and of the ledger of what was sent.
        spark_warehouse: folder of Spark's tables and of its own metastore.
        target_dir: what dbt writes of the project: the manifest, the compiled SQL.
        log_dir: folder of dbt.log.
        source: where the raw data come from: auto, canonical, or the name of a vendor.
        anonymous_users: whether a device that belongs to nobody is a user (a product without login).
        source_time_zone: the time zone of the times in Mixpanel's export.
        raw_schema: schema of the raw tables.
        schema: schema of the dbt target; `main` gives the layers their plain names.
        memory_limit: memory for DuckDB, such as 4GB or 60%; empty for its default.
        spark_metastore: JDBC address of a metastore; empty for Spark's own.
        spark_port: port of Spark's Thrift server.
        java_home: where Spark finds Java; empty for the one on the PATH.
        given: every PLG_ and DBT_ variable that is not blank, as it was given.
    """

    project: Path
    caller: Path
    output_dir: Path
    raw_dir: Path
    definitions_dir: Path
    database: Path
    report_dir: Path
    publish_dir: Path
    history_dir: Path
    handoff_dir: Path
    spark_warehouse: Path
    target_dir: Path
    log_dir: Path
    source: str = "auto"
    anonymous_users: bool = False
    source_time_zone: str = "UTC"
    raw_schema: str = "raw"
    schema: str = "main"
    memory_limit: str = ""
    spark_metastore: str = ""
    spark_port: str = "10000"
    java_home: str = ""
    given: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_environment(
        cls,
        environ: Mapping[str, str] | None = None,
        caller: Path | None = None,
        project: Path = PROJECT,
        more: Mapping[str, str] | None = None,
    ) -> Settings:
        """Makes the settings.

        Args:
            environ: environment variables; those of this process where None.
            caller: what relative paths start from; the current folder where None.
            project: the checkout.
            more: variables that win over those of the environment.
        """
        environ = {**(os.environ if environ is None else environ), **(more or {})}
        caller = (caller or Path.cwd()).resolve()
        given = {n: v for n, v in environ.items() if n.startswith(PREFIXES) and v.strip()}
        output_dir = caller / given.get("PLG_OUTPUT_DIR", _writable(project, caller))
        paths = {
            name: caller / given.get(variable, folder / default)
            for settings, folder in ((INPUTS, project), (OUTPUTS, output_dir))
            for name, (variable, default) in settings.items()
        }
        return cls(
            project=project,
            caller=caller,
            output_dir=output_dir.resolve(),
            **{name: path.resolve() for name, path in paths.items()},
            source=given.get("PLG_SOURCE", "auto").strip().lower(),
            anonymous_users=given.get("PLG_ANONYMOUS_USERS", "").strip().lower() == "true",
            source_time_zone=given.get("PLG_SOURCE_TIME_ZONE", "UTC").strip(),
            raw_schema=given.get("PLG_RAW_SCHEMA", "raw"),
            schema=given.get("PLG_SCHEMA", "main"),
            memory_limit=given.get("PLG_MEMORY_LIMIT", ""),
            spark_metastore=given.get("PLG_SPARK_METASTORE", ""),
            spark_port=given.get("PLG_SPARK_PORT", "10000"),
            java_home=environ.get("JAVA_HOME", ""),
            given=given,
        )

    def environment(self) -> dict[str, str]:
        """The variables for dbt and for other processes: what was given, with absolute paths.

        What has its default is left out: dbt reads the whole project again where a variable of the
        profile differs from the last time, so `plg build` and plain `dbt build` should say the same.
        """
        found = dict(self.given)
        for name, (variable, default) in {**INPUTS, **OUTPUTS}.items():
            path = getattr(self, name)
            if variable in self.given or path != self.project / default:
                found[variable] = str(path)
        return found

    def export(self) -> None:
        """Makes this process fit for dbt: in the project's folder, with the variables in its environment.

        The paths in profiles.yml are relative to that folder.
        """
        os.environ.update(self.environment())
        os.chdir(self.project)


def _writable(project: Path, caller: Path) -> Path:
    """The folder of outputs where nothing names one."""
    return project if os.access(project, os.W_OK) else caller


def bare_environment() -> dict[str, str]:
    """This process's environment without the settings, for checks that bring their own input."""
    named = {variable for variable, _ in {**INPUTS, **OUTPUTS}.values()}
    named |= {"PLG_RAW_SCHEMA", "PLG_SCHEMA", "PLG_MEMORY_LIMIT", "PLG_OUTPUT_DIR", "PLG_SOURCE"}
    named |= {"PLG_SOURCE_TIME_ZONE", "PLG_ACCOUNT_GROUP", "PLG_ANONYMOUS_USERS"}
    return {name: value for name, value in os.environ.items() if name not in named}
