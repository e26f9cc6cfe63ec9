"""Floor 7: the auditor's workbench."""
