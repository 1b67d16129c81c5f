"""What happened, played again, and what would happen.

A replay plays a real export through ``service``: ``maps`` and ``export`` read it, ``replay`` and ``play`` play it,
``tally``, ``audit`` and ``report`` say what came of it. Nothing here decides.

The simulation is: ``arrivals`` and ``contacts`` (who rings, when, with what), ``policies`` (what the tables say, from
which day), ``agencies`` (who is there), ``kernel`` and ``layout`` (the compiled event loop), ``parameters`` (an area as
a file), ``experiment`` and ``outcomes`` (replications, intervals, differences), ``observations``, ``fit`` and
``validate`` (from real data, and whether it predicts what it has not seen), ``queueing`` (theory to check against). It
needs numba and scipy and is imported only by those who simulate.
"""
