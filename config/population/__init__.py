"""A large synthetic world, written by bulk load: what the benchmarks run against.

Nobody in it exists. It is the same for the same seed, keys and references included; only
its dates follow the day on which it is made, so that what is live stays live.
"""
