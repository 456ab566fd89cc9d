"""Runs the Thrift server that comes with pyspark; `plg thrift-server` calls it."""

from __future__ import annotations

import os
from pathlib import Path

import pyspark

from plg.engines.spark import check_java, session_settings
from plg.settings import Settings

SERVER = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"


def serve(settings: Settings) -> None:
    """Becomes the server, over the warehouse that the settings name; returns only where it can't.

    Raises:
        NoSpark: there is no Java, or it is too old.
    """
    check_java()
    settings.export()
    options = session_settings(settings.project / "profiles.yml") | {
        "spark.hadoop.hive.server2.thrift.port": settings.spark_port,
        "spark.hadoop.hive.server2.thrift.bind.host": "127.0.0.1",
    }
    submit = Path(pyspark.__file__).parent / "bin" / "spark-submit"
    arguments = [str(submit), "--class", SERVER]
    for name, value in options.items():
        arguments += ["--conf", f"{name}={value}"]
    os.chdir(settings.project)
    os.execv(submit, [*arguments, "spark-internal"])
