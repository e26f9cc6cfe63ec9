"""Floor 3: the facts from which access follows, and the actions that write them."""
