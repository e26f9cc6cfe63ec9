"""Floor 8: the versioned contract over the same queries and actions as the pages."""
