"""Builders of test worlds, by the product's own actions."""
