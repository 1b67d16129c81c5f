"""What would happen: replays of real exports, and simulation of agencies with finite capacity.

``replay`` plays an export through the kernel of cases. The simulation is: ``contacts`` and ``arrivals`` (who rings, when),
``policies`` (what the tables say, from which date), ``agencies`` (who is there to answer), ``kernel`` (the compiled event loop),
``experiment`` and ``outcomes`` (replications, intervals, differences), ``fit`` and ``validate`` (from real data, and whether it
predicts data that it has not seen), ``queueing`` (theory, to check the machinery against).

Nothing here is imported by the command line before somebody asks for it: compiling takes a moment.
"""
