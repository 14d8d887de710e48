"""The catalogues of the languages: read, brought up to date, and compiled.

`python -m tests.catalogues` (`make translations`) reads every marked sentence from the source,
writes them into each language's `messages.po` beside the translations that are there, marks the
safety texts, and compiles `messages.mo`. A sentence that changed loses its translation: nothing is
guessed, and until somebody translates it, people read the English one.
"""

import io
import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from recovery_tracker.translations import FOLDER, LOCALES, SAFETY_SOURCES, VARIANTS

ROOT = Path(__file__).resolve().parent.parent

#: The functions that mark a sentence, and which of their arguments it is.
KEYWORDS = {
    **dict.fromkeys(("_", "N_", "gettext", "lazy_gettext"), None),
    "ngettext": (1, 2),
}

SAFETY_MARK = "Safety text: needs the sign-off of a native clinician."


@cache
def extracted() -> Catalog:
    """Every sentence marked in the source, with the files it stands in."""
    with open(ROOT / "babel.cfg", encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(charset="utf-8")
    for folder in ("recovery_tracker", "templates"):
        for name, _, message, _, context in extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods],
            {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()},
            keywords=KEYWORDS,
        ):
            found.add(message, None, [(f"{folder}/{Path(name).as_posix()}", 0)], context=context)
    return found


def sentences(catalogue: Catalog) -> list[Message]:
    """The messages of a catalogue without its header."""
    return [message for message in catalogue if message.id]


def is_safety(message: Message) -> bool:
    """Whether a patient's next step may depend on the text."""
    return any(_is_of_safety(file) for file, _ in message.locations)


@cache
def _is_of_safety(file: str) -> bool:
    return any(Path(file).is_relative_to(source) for source in SAFETY_SOURCES)


def po_file(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / "messages.po"


def stored(locale: str) -> Catalog:
    """A language's catalogue as it is stored; empty where there is none yet."""
    if not po_file(locale).exists():
        return Catalog(locale=locale)
    with open(po_file(locale), "rb") as file:
        return read_po(file, locale=locale)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the program loads it, without what is not translated."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def updated(locale: str, source: Catalog) -> Catalog:
    """The stored catalogue with exactly the sentences of the source, in their order."""
    before = stored(locale)
    after = Catalog(
        locale=locale,
        project="Recovery tracker",
        version="1",
        copyright_holder="its authors",
        msgid_bugs_address="see README.md",
        last_translator="see the log of this file",
        language_team=locale,
        creation_date=before.creation_date,
        revision_date=before.revision_date,
        fuzzy=False,
        header_comment="# Read CONTRIBUTING.md, section Languages, before changing a translation.",
    )
    for message in sentences(source):
        known = before.get(message.id, message.context)
        files = sorted({file for file, _ in message.locations})
        after.add(
            message.id,
            "" if known is None or known.fuzzy else known.string,
            [(file, None) for file in files],
            user_comments=[SAFETY_MARK] if is_safety(message) else [],
            context=message.context,
        )
    return after


def main() -> int:
    """Writes and compiles every language; says what is still to be translated."""
    source = extracted()
    missing = 0
    for variant in VARIANTS:
        po_file(variant).with_suffix(".mo").write_bytes(compiled(stored(variant)))
    for locale in LOCALES:
        catalogue = updated(locale, source)
        file = po_file(locale)
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(file, "wb") as out:
            write_po(out, catalogue, width=100)
        file.with_suffix(".mo").write_bytes(compiled(catalogue))
        for message in sentences(catalogue):
            if not all([message.string] if isinstance(message.string, str) else message.string):
                missing += 1
                print(f"{file.relative_to(ROOT)}: not translated: {message.id!r}")  # noqa: T201
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
