"""Reads a page the way a careful person inspects it.

`Page(text)` fails at once on what no page of ours may have: two first headings or none, no title,
a doubled id, a field without a label, inline style or script, a form that cannot be sent safely.
"""

import re
from dataclasses import dataclass, field

from lxml import etree

#: A tag with more than one blank somewhere inside.
_BROKEN_TAG = re.compile(r"<[a-z][^<>]*(?:\n|\s\s)[^<>]*>")

TYPED = frozenset(
    {
        *("text", "password", "tel", "email", "number", "date", "time", "search"),
        *("radio", "checkbox"),
    }
)


@dataclass
class Form:
    """One form: where it goes, how, and the fields it holds as (name, value)."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def hidden(self) -> dict[str, str]:
        """The hidden fields, as a browser would send them along."""
        return {
            name: value
            for (name, value), kind in zip(self.fields, self.kinds, strict=True)
            if kind == "hidden"
        }


class Page:
    """One page, taken apart. `problems` is empty for a page of ours."""

    def __init__(self, text: str) -> None:
        self.title = ""
        self.headings = 0
        self.language = ""
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.to_label: list[str] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.pointed_at: list[str] = []
        self.problems: list[str] = []
        #: As sent, with the blanks inside a tag as one each: where a template breaks its lines says
        #: nothing.
        self.text = _BROKEN_TAG.sub(lambda tag: " ".join(tag[0].split()), text)
        self._in_title = False
        # Python's own parser takes ten times as long, a twentieth of all tests of pages.
        parser = etree.HTMLParser(target=self)
        parser.feed(text)
        parser.close()
        assert not self.problems, self.problems

    def form(self, action: str | None = None) -> Form:
        """The first form that is sent, or the one for this action."""
        for one in self.forms:
            if one.method == "post" and (action is None or one.action.startswith(action)):
                return one
        raise AssertionError(f"no form for {action}: {[one.action for one in self.forms]}")

    def start(self, tag: str, have: dict[str, str]) -> None:
        """Notes what matters of a tag."""
        if "style" in have or any(name.startswith("on") for name in have):
            self.problems.append(f"inline style or handler on <{tag}>")
        if tag in {"style"} or (tag == "script" and "src" not in have):
            self.problems.append(f"inline <{tag}>")
        if "id" in have:
            self.ids.append(have["id"])
        for name in ("aria-describedby", "aria-labelledby"):
            self.pointed_at += (have.get(name) or "").split()
        if tag == "html":
            self.language = have.get("lang") or ""
        elif tag == "title":
            self._in_title = True
        elif tag == "h1":
            self.headings += 1
        elif tag == "label":
            self.labels.add(have.get("for") or "")
        elif tag == "a":
            self.links.append(have.get("href") or "")
        elif tag == "form":
            self.forms.append(Form(have.get("action") or "", (have.get("method") or "get").lower()))
        elif tag in {"input", "select", "textarea"}:
            self._field(tag, have)
        elif tag == "img" and "alt" not in have:
            self.problems.append("a picture without alt")

    def end(self, tag: str) -> None:
        """The title ends."""
        if tag == "title":
            self._in_title = False

    def data(self, data: str) -> None:
        """The words of the title."""
        if self._in_title:
            self.title += data

    def _field(self, tag: str, have: dict[str, str]) -> None:
        kind = (have.get("type") or "text") if tag == "input" else tag
        if kind in TYPED or tag != "input":
            self.to_label.append(have.get("id") or f"(no id: {have.get('name')})")
        if self.forms and have.get("name"):
            self.forms[-1].fields.append((have["name"] or "", have.get("value") or ""))
            self.forms[-1].kinds.append(kind)

    def close(self) -> None:
        """The page is at its end: what it may not have is a problem."""
        if self.headings != 1:
            self.problems.append(f"{self.headings} first headings")
        if not self.title.strip():
            self.problems.append("no title")
        if not self.language:
            self.problems.append("no language")
        doubled = {one for one in self.ids if self.ids.count(one) > 1}
        if doubled:
            self.problems.append(f"doubled ids {sorted(doubled)}")
        self.problems += [f"no label for {one}" for one in self.to_label if one not in self.labels]
        lost = set(self.pointed_at) - set(self.ids)
        if lost:
            self.problems.append(f"points at nothing: {sorted(lost)}")
        for form in self.forms:
            names = [name for name, _value in form.fields]
            if not form.action:
                self.problems.append("a form without action")
            if form.method == "post" and "csrf_token" not in names:
                self.problems.append(f"form {form.action} without csrf_token")
            if form.method == "post" and "key" not in names:
                self.problems.append(f"form {form.action} without key")
