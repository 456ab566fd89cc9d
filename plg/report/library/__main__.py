"""Makes vega.js.gz again; needs the environment of development."""

from __future__ import annotations

import gzip

import vl_convert

from plg.report.library import FILE


def bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")


if __name__ == "__main__":
    # The same versions give the same file, so no time of packing is in it.
    FILE.write_bytes(gzip.compress(bundle().encode(), mtime=0))
