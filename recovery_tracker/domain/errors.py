"""Named refusals, worded for the person who reads them."""


class RecoveryError(Exception):
    """Something a person asked for cannot be done; the text says what and what to do.

    The web turns it into a page, the command line into one line and exit status 1. The text never
    holds an answer, a name or any other health data.
    """


class InvalidEntry(RecoveryError):
    """An invalid entry, with every problem by field.

    Attributes:
        problems: field key to one clear message, in the order of the form.
    """

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{field}: {text}" for field, text in problems.items()))
