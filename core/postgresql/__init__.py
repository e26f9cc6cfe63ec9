"""Django's own PostgreSQL backend, but for how it looks whether a connection still stands."""
