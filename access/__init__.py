"""Floor 0: the one rule about who may see and write what, and nothing else."""
