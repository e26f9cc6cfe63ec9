"""Floor 7: measures and exports: reads, never writes domain rows."""
