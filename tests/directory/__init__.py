"""Tests of the room `directory/`."""
