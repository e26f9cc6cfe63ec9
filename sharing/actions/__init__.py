"""The writes of this room: the rows from which access follows."""
