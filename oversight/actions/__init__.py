"""What an auditor does: reading is on the trail too."""
