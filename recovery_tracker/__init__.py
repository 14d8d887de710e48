"""A recovery diary after spinal fusion.

The rooms, from the ground up (imports only point downwards, `tests/test_architecture.py`):

    domain      what a recovery is: measures, signs, entries, flags (standard library only)
    trends      numbers in, findings out (NumPy; no clock, no I/O, no randomness)
    laboratory  the reference cohort and the comparison with other detectors
    storage     the database            charts    figures
    reports     the one-page PDF        exchange  files in and out
    services    one verb for each use case: every write, and the flags that follow from it
    web, cli    the doors
"""

__version__ = "0.1.0"
