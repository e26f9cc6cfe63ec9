"""Load: a day's mixed work on the real server, and whether all that was logged is there after it.

    python -m ops.load [--people 10000] [--users 50] [--seconds 120] [--json FILE] [--replica]
                       [--database NAME] [--statements 20]

A throwaway database with a generated population, the web server, the worker and the beat of the
demo, and users who never pause: 70 in 100 requests read lists and people, 20 log interventions, 5
search, 5 are about tasks. Half of them are pages, half the API. The driver is threads with
persistent connections of the standard library; it shares the machine with what it drives, so its
figures are what one machine does with its own users on it.

With `--database` they work in one that is there already, on the server that DATABASE_URL names: a
world of a million people takes half an hour to make, and the benchmark keeps its worlds. With
`--statements` the server says in which statements its time was spent.
"""
