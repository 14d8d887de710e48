"""What every test may use."""

from tests.stories import story

__all__ = ["story"]
