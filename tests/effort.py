"""How much the longest tests do: everything where WHOLE_EFFORT is set, else a part."""

import os


def effort(part: int, whole: int) -> int:
    """`whole` where the whole effort was asked for, else `part`."""
    return whole if "WHOLE_EFFORT" in os.environ else part
