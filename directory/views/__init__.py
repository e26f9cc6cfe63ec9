"""Pages of the directory, and its open feed."""
