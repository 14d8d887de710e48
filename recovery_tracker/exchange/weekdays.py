"""The weekday that stands beside a date: left out, and compared with the date."""

import re
from collections import defaultdict
from collections.abc import Collection

#: Names of Monday to Sunday, one language a line: long names and short ones of two letters or more.
_NAMES = (
    "monday mon|tuesday tue tues|wednesday wed|thursday thu thur thurs|friday fri|saturday sat"
    "|sunday sun",
    "montag mo|dienstag di|mittwoch mi|donnerstag do|freitag fr|samstag sonnabend sa|sonntag so",
    "lunes lun|martes mar|miércoles mié mie|jueves jue|viernes vie|sábado sáb sab|domingo dom",
    "lundi lun lu|mardi mar ma|mercredi mer me|jeudi jeu je|vendredi ven ve|samedi sam sa"
    "|dimanche dim di",
    "lunedì lun|martedì mar|mercoledì mer|giovedì gio|venerdì ven|sabato sab|domenica dom",
    "segunda seg segunda-feira|terça ter terça-feira|quarta qua quarta-feira"
    "|quinta qui quinta-feira|sexta sex sexta-feira|sábado sáb|domingo dom",
    "maandag ma|dinsdag di|woensdag wo|donderdag do|vrijdag vr|zaterdag za|zondag zo",
    "poniedziałek pon pn|wtorek wt|środa śr|czwartek czw cz|piątek pt|sobota sob|niedziela ndz nd",
    "月 月曜 月曜日|火 火曜 火曜日|水 水曜 水曜日|木 木曜 木曜日|金 金曜 金曜日|土 土曜 土曜日"
    "|日 日曜 日曜日",
    "一 週一 周一 星期一 禮拜一|二 週二 周二 星期二 禮拜二|三 週三 周三 星期三 禮拜三"
    "|四 週四 周四 星期四 禮拜四|五 週五 周五 星期五 禮拜五|六 週六 周六 星期六 禮拜六"
    "|日 天 週日 周日 星期日 星期天 禮拜日 禮拜天",
    "월 월요일|화 화요일|수 수요일|목 목요일|금 금요일|토 토요일|일 일요일",
)


def _numbers() -> dict[str, frozenset[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for language in _NAMES:
        for number, names in enumerate(language.split("|")):
            for name in names.split():
                found[name].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


#: The weekdays that a name may mean, Monday being 0; "di" is Tuesday in German and Dutch, and
#: Sunday in French.
_NUMBERS = _numbers()
_EVERY = frozenset(range(7))
_WORD = r"[^\W\d_]{1,12}(?:-feira)?"
_BEFORE = re.compile(rf"({_WORD})(\.,?|,)?\s*(?=\S)")
_AFTER = re.compile(
    rf"(?<=[\d.日일])\s*(?:\(\s*({_WORD})\.?\s*\)|\s({_WORD})\.?(?=\s|$)"
    r"|((?:[週周]|星期|禮拜)[一二三四五六日天]))"
)


def without_weekday(text: str) -> tuple[str, Collection[int]]:
    """A date without the weekday beside it, and the days of the week that it may be on: all of
    them where none is named, or in a language that is not known here."""
    if match := _BEFORE.match(text):
        known = _NUMBERS.get(match[1].casefold())
        if known is not None or (match[2] and len(match[1]) > 1):
            return text[match.end() :], known or _EVERY
    for match in _AFTER.finditer(text):
        known = _NUMBERS.get((match[1] or match[2] or match[3]).casefold())
        if known is not None:
            return text[: match.start()] + text[match.end() :], known
    return text, _EVERY
