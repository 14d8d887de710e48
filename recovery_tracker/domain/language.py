"""The mark for sentences that people read.

Domain text is written in English and translated at the door (`web`, `cli`); `N_` only makes the
sentence visible to the extractor, so that a catalogue can stay plain data.
"""


def N_(sentence: str) -> str:
    """The sentence unchanged, marked for translation."""
    return sentence
