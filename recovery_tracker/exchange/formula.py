"""Guards text that a spreadsheet would run as a formula, and restores it on reading."""

#: A spreadsheet runs a cell that begins with one of these; some take the wide forms of East Asia
#: for the same.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def guarded(text: str) -> str:
    """Free text as written to a file: a leading quote keeps a spreadsheet from running it.

    >>> guarded("=1+1"), guarded("fine"), unguarded(guarded("'=1+1"))
    ("'=1+1", 'fine', "'=1+1")
    """
    return "'" + text if text.lstrip("'").startswith(_FORMULA) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    if text.startswith("'") and text.lstrip("'").startswith(_FORMULA):
        return text[1:]
    return text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this text."""
    return text.startswith(_FORMULA)
