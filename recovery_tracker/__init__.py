"""A recovery diary after spinal fusion.

Packages, lowest layer first; imports only point downwards (`tests/test_architecture.py`):

    domain         what a recovery is: measures, signs, entries, flags (standard library only)
    trends         the algorithm: typed input, typed output (NumPy; no clock, no I/O, no randomness)
    demonstration  made-up people        laboratory  research: simulated cohorts, other detectors
    storage        the database          charts      figures
    reports        the one-page PDF      exchange    file formats
    services       one function per use case: every write, and the flags that follow from it
    web, cli       user interfaces
"""

__version__ = "0.1.0"
