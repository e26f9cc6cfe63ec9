"""Floor 5: requests for help, from any door, and what is decided."""
