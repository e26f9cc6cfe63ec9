"""Floor 0: what happened and who looked. Stores plain ids, points at nobody."""
