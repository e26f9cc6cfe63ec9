"""Commands of the top floor, each run by somebody at the machine."""
