"""The performance benchmark: what is promised, measured in one interleaved run.

Ours is asked through its real addresses, with session or token, middleware, transaction and
row-level security. Beside it stands a floor (hand-written SQL and nothing else), and guardian
as projects use it. Every answer of ours is compared with the floor's: a figure for a list that
shows the wrong people is worth nothing.
"""
