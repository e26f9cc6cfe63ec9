"""The writes of this room, each one action."""
