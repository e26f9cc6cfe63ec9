"""The embedded stack, its roles, and the containers that must match it."""
