"""What every test may use."""

import os

from hypothesis import HealthCheck, settings

from tests.stories import story

__all__ = ["story"]

# A machine may be busy: how long an example takes says nothing about what it proves. In CI the
# examples are the same each time, so that a change is judged and not the dice.
settings.register_profile(
    "house",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
    # Derandomised examples need no memory of earlier ones.
    database=None if "CI" in os.environ else settings.default.database,
)
settings.load_profile("house")
