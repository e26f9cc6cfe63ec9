"""The worked example: one young person's ten months, told in full (YP-DEMO1)."""
