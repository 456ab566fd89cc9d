"""The charts' library in the page: Vega, Vega-Lite and Vega-Embed as one script, made in development.

`python -m plg.report.library` makes vega.js.gz again, with the versions that vl-convert-python
brings. So a build needs no tool that bundles JavaScript.
"""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).resolve().parent / "vega.js.gz"


def packed() -> bytes:
    """The script, which sets window.vegaEmbed; gzip."""
    return FILE.read_bytes()
