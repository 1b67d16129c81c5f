"""How Safehands compares with others that do the same work, measured side by side in one run.

One module a measurement: ``one_decision`` (a), ``population`` (b), ``lifecycle`` (c), ``replaying`` (d),
``verifying`` (e), ``worklist`` (f), ``simulation`` (g), ``desk_pages`` (h), ``fifty_desks`` (i), ``scanning`` (j),
``integrity`` (k), ``entering`` (l). ``measure`` says how two sides are timed, ``run`` runs them all and writes
``RESULTS.md``.
Nothing in ``src`` imports this folder, and what it needs besides Safehands is in ``requirements/bench.lock`` alone.
"""
