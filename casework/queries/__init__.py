"""Reading cases and what belongs to them, always for somebody."""
