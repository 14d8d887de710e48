"""The lists of warning signs in the reader's language, as card and help show them."""

from dataclasses import dataclass

from flask_babel import gettext as _

from ...domain.sign_lists import Item, Lists
from ...domain.wording import capitalize_first
from .language import mark


@dataclass(frozen=True, slots=True)
class ListsInWords:
    """One sentence for each bullet; `together` as (what stands beside it, the signs)."""

    now: tuple[str, ...]
    today: tuple[str, ...]
    together: tuple[tuple[str, tuple[str, ...]], ...]
    today_together: tuple[tuple[str, tuple[str, ...]], ...]


def lists_in_words(lists: Lists) -> ListsInWords:
    """The lists as bullets, each with a capital."""
    return ListsInWords(
        now=tuple(map(_bullet, lists.now)),
        today=tuple(map(_bullet, lists.today)),
        together=_pairs(lists.together),
        today_together=_pairs(lists.today_together),
    )


def _pairs(
    pairs: tuple[tuple[str, tuple[Item, ...]], ...],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (capitalize_first(_(text)), tuple(_(item.text) for item in items)) for text, items in pairs
    )


def _bullet(item: Item) -> str:
    weeks = str((item.days or 0) // 7)
    when = mark(", ").join(
        _(text).replace("{days}", str(item.days)).replace("{weeks}", weeks) for text in item.when
    )
    return capitalize_first(
        f"{_(item.text)}{mark(' (')}{when}{mark(')')}" if when else _(item.text)
    )
