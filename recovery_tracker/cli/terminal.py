"""Text of a file or a person on a terminal, which obeys control characters."""


def printable(text: str) -> str:
    """The text with its control characters, and those that turn its direction, as escapes.

    A name or heading could otherwise clear the screen, rewrite what is above it or add a line that
    looks like ours. Line breaks stay: the caller removes them where they say nothing.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(
        sign
        if sign.isprintable() or sign == "\n"
        else " "
        if sign.isspace() and sign not in "\t\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"
        else sign.encode("unicode_escape").decode()
        for sign in text
    )
