"""Template tags of the foundations."""
