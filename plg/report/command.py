"""Writes the report of the last build; scripts/report calls it.

Usage: report.py ENGINE CALLER_FOLDER.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from plg import build
from plg.console import say


def main() -> int:
    engine, arguments, console = build.start()
    if arguments:
        say(console, f"scripts/report takes --engine spark or nothing, not {arguments[0]}.")
        return 1
    session = build.start_spark(console) if engine == "spark" else None
    if engine == "spark" and not session:
        return 1
    database = Path(os.environ["PLG_DATABASE"])
    if not session and not database.exists():
        say(console, f"There is no {database} to report on; run scripts/build first.")
        return 1
    page = build.write_pages(engine, session, {}, Path(os.environ["PLG_REPORT_DIR"]), console)
    if page:
        say(console, f"The report is {page}; open it in a browser.")
    return 0 if page else 1


if __name__ == "__main__":
    sys.exit(main())
