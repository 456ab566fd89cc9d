"""Writes the growth report: one HTML page with all numbers of the marts, to be opened from disk."""
