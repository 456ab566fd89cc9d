"""A simulated source that delivers day by day, and the builds that follow it."""
