"""Writes the growth report: one HTML page with all numbers of the marts, to be opened from disk."""

from plg.report.data import sources
from plg.report.page import write_report

__all__ = ["sources", "write_report"]
