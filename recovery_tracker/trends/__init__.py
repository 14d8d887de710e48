"""The algorithm: no clock, no file access, no randomness, no earlier result.

`assess` looks at one recovery as of a day; `replay` gives the same episodes for many diaries at
once. May import `domain` and numpy only. Arrays are oldest first, one column per postoperative day,
NaN where nothing was recorded; periods include both their first and their last day.
"""

from .answers import answer_findings
from .assessment import assess
from .batch import DAY_ZERO
from .cohort import replay
from .joining import answers_beside
from .parameters import STANDARD, Parameters
