"""Writes the README's catalogue of metrics from dbt's manifest, or checks that it is current.

Usage: catalogue.py [--check]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
BEGIN = "<!-- catalogue: written by plg/catalogue.py from the models' descriptions -->\n"
END = "<!-- end of the catalogue -->\n"


def read_manifest() -> dict:
    """dbt's manifest, parsed in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DBT_TARGET_PATH": folder, "DBT_LOG_PATH": folder}
        command = [Path(sys.executable).with_name("dbt"), "--quiet", "parse"]
        subprocess.run(command, cwd=PROJECT, env=environment, check=True)
        return json.loads(Path(folder, "manifest.json").read_text("utf-8"))


def catalogue(manifest: dict) -> str:
    """A table of the marts: the question that each answers, its grain, and its metrics."""
    lines = ["| mart | question | one row per | metrics |\n", "|---|---|---|---|\n"]
    marts = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["access"] == "public"
    ]
    for node in sorted(marts, key=lambda node: node["original_file_path"]):
        question, rest = node["description"].split("\n", 1)
        grain = rest.strip().removeprefix("One row per ").split(". ")[0].split("; ")[0]
        metrics = [
            f"`{name}`"
            for name, column in node["columns"].items()
            if column["data_type"] not in ("string", "date", "timestamp", "integer")
            and not name.endswith(("_ci_lower", "_ci_upper"))
        ]
        cells = (f"`{node['name']}`", question.strip(), grain.rstrip("."), ", ".join(metrics))
        lines.append("| " + " | ".join(cells) + " |\n")
    return "".join(lines)


def main() -> int:
    readme = PROJECT / "README.md"
    text = readme.read_text("utf-8")
    before, found = text.split(BEGIN)
    found, after = found.split(END)
    current = catalogue(read_manifest())
    if "--check" in sys.argv[1:]:
        if found != current:
            print("The README's catalogue is not that of the models; run plg/catalogue.py.")
            return 1
        return 0
    readme.write_text(before + BEGIN + current + END + after, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
