"""The charts' library that ships is the one that the locked tools make."""

from __future__ import annotations

import gzip

from plg.report import library
from plg.report.library.__main__ import bundle


def test_the_library_is_that_of_the_locked_versions() -> None:
    made = gzip.decompress(library.packed()).decode()
    assert made == bundle(), "run python -m plg.report.library and commit vega.js.gz"
