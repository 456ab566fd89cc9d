"""Runs commands of `mf` one after the other in one process: to start it takes seconds.

Reads a list of commands from standard input, as JSON: each a list of its name and arguments.
"""

from __future__ import annotations

import json
import sys

from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from dbt_metricflow.cli.main import query, validate_configs

COMMANDS = {"query": query, "validate-configs": validate_configs}


def main() -> None:
    configuration = CLIConfiguration()
    for name, *arguments in json.load(sys.stdin):
        # Ends the process, with the reason, where the command fails.
        COMMANDS[name].main(args=arguments, obj=configuration, standalone_mode=False)


if __name__ == "__main__":
    main()
