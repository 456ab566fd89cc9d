"""Weights for the scheme propensity: `plg fit_propensity`."""
