"""How much the crash tests do: everything in `make test-crash`, a part in every other run."""

import os


def effort(part: int, whole: int) -> int:
    """`whole` where the whole effort was asked for, else `part`."""
    return whole if "WHOLE_EFFORT" in os.environ else part
