"""Guards text that a spreadsheet would run as a formula, and restores it on reading.

Our files part cells with commas. A spreadsheet set to a language that writes decimals with a comma
parts them at semicolons instead, in the middle of a text too, and takes a quotation mark there for
one of the text: so what follows a semicolon, a tab or the end of a line is guarded like the
beginning. Quotation marks and blanks before the sign do not count, for they may be lost on the way.

A text does not say by which release it was guarded, and 0.1.0 guarded a sign at the very beginning
only. Of a text of that time with an apostrophe of its own in another such place, as in `a;' -1`,
that one is lost on reading.
"""

import re

#: A spreadsheet runs a cell that begins with one of these; some take the wide forms of East Asia
#: for the same.
_SIGNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FORMULA = (*_SIGNS, "\t", "\r", "\n")
_BEGINNINGS = ("'", '"', *_FORMULA)

#: What may stand before the sign and be gone in the cell: quotes, and blanks but no separators.
_BEFORE = r"""(?:['"]|[^\S\t\r\n])*"""
_FIRST = _BEFORE + "[" + "".join(map(re.escape, _FORMULA)) + "]"
_FURTHER = _BEFORE + "[" + "".join(map(re.escape, _SIGNS)) + "]"
_WOULD_RUN = re.compile(rf"\A(?={_FIRST})|(?<=[;\t\r\n])(?={_FURTHER})")
_IS_GUARDED = re.compile(rf"\A'(?={_FIRST})|(?<=[;\t\r\n])'(?={_FURTHER})")


def guarded(text: str) -> str:
    """Free text as written to a file: a quote before it keeps a spreadsheet from running it.

    >>> guarded("=1+1"), guarded("fine"), unguarded(guarded("'=1+1"))
    ("'=1+1", 'fine', "'=1+1")
    >>> guarded("a;=1+1"), guarded("two; -1"), guarded("two; one")
    ("a;'=1+1", "two;' -1", 'two; one')
    """
    # Asked first, of a hundred thousand cells of which few are: half of the time.
    may_begin_so = text.startswith(_BEGINNINGS) or text[:1].isspace()
    if may_begin_so or ";" in text or "\n" in text or "\r" in text or "\t" in text:
        return _WOULD_RUN.sub("'", text)
    return text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return _IS_GUARDED.sub("", text)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run this text."""
    return text.startswith(_FORMULA)
