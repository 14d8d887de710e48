"""The marker for sentences that people read.

Domain text is English and is translated where it is shown (`web`, `cli`); `N_` only makes the
sentence visible to the extractor, so that a catalogue can stay plain data.
"""


def N_(sentence: str) -> str:
    """The sentence unchanged, marked for translation."""
    return sentence
