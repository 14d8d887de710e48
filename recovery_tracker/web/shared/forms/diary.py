"""The daily form: what was typed, and the diary entry it means.

Everything typed is kept as text, so that a form that comes back shows exactly what was sent. Only
one question must be answered: the warning signs. An answer out of bounds gives one clear message
for its field and loses nothing else.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from ....domain.circumstances import FEVER_C
from ....domain.diary import (
    FAHRENHEIT_HIGH,
    FAHRENHEIT_LOW,
    DiaryEntry,
    SignChange,
    Source,
    celsius_of,
)
from ....domain.errors import InvalidEntry
from ....domain.measures import MEASURES, Kind
from ....domain.sign_form import FEVER_LINE, RECHECK, SignForm, StoredSigns, signs_from_form
from ....domain.signs import LEFT_OPEN, SIGNS, WEEKLY_SIGNS
from ..language import mark
from .asking import (
    DAILY_MEASURES,
    FOLLOW_TEMPERATURE,
    NONE,
    PAINS,
    RECHECK_OPEN,
    WEEKLY_MEASURES,
    Asking,
)
from .correction import temperature_text
from .numbers import NotANumber, named, read_count, read_number
from .typed import Typed, TypedForm

#: A score and the question that follows it only from 1 on.
_DETAILS = (("limb_pain", "limb_pain_side"), ("numbness", "numbness_zones"))

#: The answers that make the form ask the saddle and bladder lines again.
_RECHECKED = ("numbness", "numbness_zones", "limb_pain", "limb_pain_side")

#: Stored where "does it stay this bad?" was shown and left open.
_STAYS_OPEN = LEFT_OPEN["severe_pain"]


class DiaryForm(TypedForm):
    """One day as typed. `errors` holds one message per field after `is_valid()`."""

    def __init__(self, asking: Asking, typed: Typed | None = None) -> None:
        super().__init__(typed)
        self.asking = asking

    @property
    def has_optional(self) -> bool:
        """Whether anything behind "Add more" was typed or went wrong, so that it stays open."""
        names = self.asking.optional
        return any(self.text(name).strip() or self.error(name) for name in names)

    # What it means.

    @property
    def shows_recheck(self) -> bool:
        """Whether the saddle and bladder lines are asked again beside the numbness."""
        numbness = self.text("numbness")
        zones = self.all("numbness_zones") if numbness != "0" else []
        both_numb = {"left", "right"} <= {zone.split("_")[0] for zone in zones}
        both_sore = self.text("limb_pain_side") == "both" and self.text("limb_pain") != "0"
        # The same as in the style sheet and in `both_sides.was_on_both_sides`.
        zones_ask = pain_asks = self.asking.both_sides
        if numbness not in ("0", "1"):
            zones_ask |= self.asking.both_sides_numb
        if numbness in ("2", "3", "4"):
            pain_asks |= self.asking.both_sides_numb
        return (
            (self.asking.complete_numbness and numbness == "4")
            or ("numbness_zones" in zones_ask and both_numb)
            or ("limb_pain_side" in pain_asks and both_sore)
        )

    def shows_stays_bad(self, pain: str) -> bool:
        """Whether "does it stay this bad even with your tablets?" is asked under a pain score."""
        threshold = self.asking.severe_from.get(pain, 11)
        return self.text(pain) in [str(score) for score in range(threshold, 11)]

    @property
    def shows_fever(self) -> bool:
        """Whether the temperature asks what the fever line asks; the line asks for itself."""
        text = self.text("temperature_c").strip()
        if not (self.asking.temperature and text) or self.has("line", FEVER_LINE):
            return False
        try:
            return self._temperature(text) >= FEVER_C
        except NotANumber:
            return False

    def signs(self) -> frozenset[str] | None:
        """The sign ids that the answers mean; None while the question is unanswered."""
        return self._stored_signs().signs if self._answer is not None else None

    @property
    def _answer(self) -> bool | None:
        return {"none": False, "some": True}.get(self.text("signs"))

    @property
    def _ticks_something(self) -> bool:
        """Whether a warning line, or anything under one, is ticked."""
        under = (name for name in self.typed if name.startswith(("sign-", "follow-")))
        under = (name for name in under if name != FOLLOW_TEMPERATURE)
        return bool(self.all("line")) or any(set(self.all(name)) - {NONE} for name in under)

    def _stored_signs(self) -> StoredSigns:
        lines = self.asking.lines
        chosen = {sign for line in lines for sign in self.all(f"sign-{line.key}")}
        return signs_from_form(
            SignForm(
                answer=self._answer,
                shown=frozenset(line.key for line in lines),
                ticked=frozenset(line.key for line in lines if self.has("line", line.key)),
                chosen=frozenset(chosen & self.asking.sign_ids),
                follow_ups=self._follow_ups(),
                recheck=self._shown_or_ticked("recheck", RECHECK, is_shown=self.shows_recheck),
                measured_fever=self.shows_fever,
            )
        )

    def _follow_ups(self) -> dict[str, bool | None]:
        """Every follow-up that was shown, with its answer; None where it was left open."""
        answers: dict[str, bool | None] = {}
        for line in self.asking.lines:
            is_shown = self.has("line", line.key)
            name = f"follow-{line.key}"
            answers.update(self._shown_or_ticked(name, line.follow_ups, is_shown=is_shown))
        hot, ids = self.shows_fever, self.asking.fever_line.follow_ups
        for sign, answer in self._shown_or_ticked(FOLLOW_TEMPERATURE, ids, is_shown=hot).items():
            answers[sign] = answers.get(sign) or answer
        stays = [self.text(f"stays-{pain}") for pain in PAINS if self.shows_stays_bad(pain)]
        if stays:
            # The worst of the two answers counts; one left open counts as open.
            answers["severe_pain"] = "yes" in stays or (False if set(stays) == {"no"} else None)
        return answers

    def _shown_or_ticked(
        self, name: str, ids: Sequence[str], *, is_shown: bool
    ) -> dict[str, bool | None]:
        """The answers of a follow-up; of one that did not have to be shown, the ticks alone.

        A browser that cannot hide a follow-up shows it always, and an answer that called for it may
        have been changed since: a tick on a warning sign is never dropped.
        """
        if is_shown:
            return self._answers(name, ids)
        return {sign: True for sign in ids if sign in self.all(name)}

    def _answers(self, name: str, ids: Sequence[str]) -> dict[str, bool | None]:
        """Tick boxes with a "none of these" beside them: id to yes, no, or left open."""
        ticked = self.all(name)
        if not ticked:
            return dict.fromkeys(ids, None)
        return {sign: sign in ticked for sign in ids}

    def sign_changes(self) -> dict[str, SignChange]:
        words = {change.value: change for change in SignChange}
        changes = {
            sign: words[self.text(f"change-{sign}")]
            for sign in self.asking.open_signs
            if self.text(f"change-{sign}") in words
        }
        # A past day: the sign was there on that day and is known to be gone by now.
        if self.asking.still_there and self.text("still_there") == "no":
            emergencies = [s for s in self.signs() or () if self.asking.is_emergency(s)]
            changes.update(dict.fromkeys(emergencies, SignChange.GONE))
        return changes

    def _spoke(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.text("spoke"))

    def _changes_not_asked(self, before: DiaryEntry) -> dict[str, SignChange]:
        # A sign that is ticked again is asked "is it still there?" again.
        asked = {*self.asking.open_signs, *(self.signs() or ())}
        return {sign: how for sign, how in before.sign_changes.items() if sign not in asked}

    def _not_asked(self, signs: frozenset[str] | None) -> frozenset[str]:
        return frozenset(signs or ()) - (self.asking.told_here - frozenset(WEEKLY_SIGNS))

    def _left_open_before(self, before: DiaryEntry, values: Mapping[str, object]) -> frozenset[str]:
        """Questions that the same scores once asked, and that nobody has answered.

        A day added since may have taken the question away. Other scores ask for themselves: what
        they did not ask was not left open.
        """
        shown = {
            RECHECK_OPEN: self.shows_recheck,
            _STAYS_OPEN: any(map(self.shows_stays_bad, PAINS)),
        }
        scores = {RECHECK_OPEN: _RECHECKED, _STAYS_OPEN: PAINS}
        return frozenset(
            sign
            for sign in shown.keys() & (before.signs or frozenset())
            if not shown[sign] and all(getattr(before, k) == values[k] for k in scores[sign])
        )

    # Reading.

    def is_valid(self) -> bool:
        """Whether an entry can be made; fills `errors`."""
        self.errors = {}
        self._numbers()
        for score, detail in _DETAILS:
            self._ask_back(score, detail)
        if self.signs() is None:
            self.errors["signs"] = _("Tell us if anything new or worse has started")
        elif self.text("signs") == NONE and self._ticks_something:
            # Never guess between two answers when one of them may be an emergency.
            self.errors["signs"] = _(
                "You chose “No, none of these” and also ticked something. Choose one of them"
            )
        return not self.errors

    def to_entry(
        self,
        *,
        recorded_at: datetime,
        zone: str,
        source: Source = Source.FORM,
        before: DiaryEntry | None = None,
    ) -> DiaryEntry | None:
        """The entry, or None with `errors` filled.

        What this form does not ask is kept from `before`, the version that is corrected: the weekly
        check-in, signs of another operation or time, how signs went on that are asked about today
        alone.
        """
        if not self.is_valid():
            return None
        values: dict[str, object] = dict(self._numbers())
        values |= self._as_typed(before)
        if values["own_item"] is not None:
            values["own_question"] = self.asking.own_item or None
        signs, asked = self.signs() or frozenset(), self._stored_signs().signs_asked
        changes, spoke = self.sign_changes(), self._spoke()
        if before is not None:
            values.update({key: getattr(before, key) for key in WEEKLY_MEASURES})
            changes = {**self._changes_not_asked(before), **changes}
            spoke = spoke if self.asking.open_signs else before.spoke_to_someone
            signs |= self._not_asked(before.signs) | self._left_open_before(before, values)
            asked |= self._not_asked(before.signs_asked)
        try:
            return DiaryEntry(
                day=self.asking.day,
                signs=signs,
                signs_asked=asked,
                sign_changes=changes,
                spoke_to_someone=spoke,
                recorded_at=recorded_at,
                zone=zone,
                source=source,
                region=self.asking.region,
                **values,  # type: ignore[arg-type]
            )
        except InvalidEntry as invalid:
            self.errors.update(dict.fromkeys(invalid.problems, _("Check this answer")))
            return None

    def draft_entry(self, *, recorded_at: datetime, zone: str) -> DiaryEntry:
        """The answers that can stand, for advice on a form that has to come back."""
        good = {name: values for name, values in self.typed.items() if name not in self.errors}
        good["signs"] = ["some"] if self._ticks_something or self._answer else [NONE]
        entry = DiaryForm(self.asking, good).to_entry(recorded_at=recorded_at, zone=zone)
        return entry or DiaryEntry(self.asking.day)

    def _numbers(self) -> dict[str, object]:
        """Measure key to value; None where it was left out. Fills `errors`."""
        values = {}
        for key in (*DAILY_MEASURES, "painkiller_change", *self.asking.optional):
            try:
                values[key] = self._value(key)
            except NotANumber as problem:
                name = _(MEASURES[key].name_for(self.asking.region))
                if key == "temperature_c":
                    name += mark(" (") + ("°F" if self.asking.fahrenheit else "°C") + mark(")")
                self.errors[key] = named(name, problem)
                values[key] = None
        return values

    def _ask_back(self, score: str, detail: str) -> None:
        """A place marked beside the answer "none": said back, never dropped in silence.

        The mark is taken off the form that comes back, so sending it once more settles it; a side
        cannot be unticked without a script.
        """
        marked = [text for word, text in MEASURES[detail].words.items() if self.has(detail, word)]
        if self.text(score) != "0" or not marked:
            return
        self.errors[score] = _(
            "You also marked: %(places)s. If that is right, change this answer. If not, save again",
            places=mark(", ").join(_(text) for text in marked),
        )
        self.typed[detail] = []

    def _value(self, key: str) -> object:
        measure, text = MEASURES[key], self.text(key).strip()
        if measure.kind is Kind.WORDS:
            return frozenset(measure.words).intersection(self.all(key)) or None
        if not text:
            return None
        if measure.kind is Kind.TEXT:
            limit = int(measure.high or 0)
            if len(text) > limit:
                raise NotANumber(_("Use at most %(limit)s characters", limit=limit))
            return text
        if measure.kind is Kind.WORD:
            if text not in measure.words:
                raise NotANumber(_("Choose one of the answers"))
            return text
        if measure.kind is Kind.NUMBER:
            return self._temperature(text) if key == "temperature_c" else read_number(text, measure)
        return read_count(text, measure)

    def _temperature(self, text: str) -> float:
        measure = MEASURES["temperature_c"]
        if not self.asking.fahrenheit:
            return read_number(text, measure)
        return celsius_of(self._fahrenheit(text))

    def _fahrenheit(self, text: str) -> float:
        measure = MEASURES["temperature_c"]
        return read_number(text, measure, low=FAHRENHEIT_LOW, high=FAHRENHEIT_HIGH)

    def _as_typed(self, before: DiaryEntry | None) -> dict[str, object]:
        """The temperature with the unit it was typed in; one that was not touched stays itself."""
        text = self.text("temperature_c").strip()
        fahrenheit = self.asking.fahrenheit
        if before is not None and text == temperature_text(before, fahrenheit=fahrenheit):
            kept = (before.temperature_c, before.temperature_f)
            return dict(zip(("temperature_c", "temperature_f"), kept, strict=True))
        return {"temperature_f": self._fahrenheit(text)} if text and fahrenheit else {}


def sign_sentence(sign: str) -> str:
    """The sign as a person would name it, in the reader's language."""
    return _(SIGNS[sign].patient)


def left_open_words(sign: str) -> str:
    """The sentence that says what was asked and left open; "" for a sign that was reported."""
    text = SIGNS[sign].left_open
    return _(text) if text else ""
