"""Runs the Thrift server that comes with pyspark; scripts/thrift_server calls it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pyspark

from plg.engines.spark import NoSpark, check_java, session_settings
from plg.settings import Settings

SERVER = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"


def main() -> int:
    try:
        check_java()
    except NoSpark as problem:
        print(problem, file=sys.stderr)
        return 1
    Settings.from_environment(caller=Path(sys.argv[1])).export()
    settings = session_settings(Path("profiles.yml")) | {
        "spark.hadoop.hive.server2.thrift.port": os.environ.get("PLG_SPARK_PORT") or "10000",
        "spark.hadoop.hive.server2.thrift.bind.host": "127.0.0.1",
    }
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    arguments = [str(submit), "--class", SERVER]
    for name, value in settings.items():
        arguments += ["--conf", f"{name}={value}"]
    print(
        "Starting; `dbt build --target spark_thrift` works once the log says that "
        "HiveThriftServer2 has started.",
        flush=True,
    )
    os.execv(submit, [*arguments, "spark-internal"])


if __name__ == "__main__":
    sys.exit(main())
