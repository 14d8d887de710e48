"""Who signed the rules: the name stands for one rule set and one day."""

from dataclasses import replace

from recovery_tracker.domain.people import Mode
from recovery_tracker.storage import settings
from recovery_tracker.trends.parameters import STANDARD
from recovery_tracker.web.shared.signature import signature_words
from tests.pdf import text_of
from tests.web.conftest import NOW, SYSTEM, Clinic
from tests.web.diarist import new_diarist

RULES = "/clinic/rules"


def _noted(clinic: Clinic, **values: object) -> None:
    with clinic.database.write() as session:
        here = replace(settings.read_installation(session), **values)
        settings.save_installation(session, here, by=SYSTEM, at=NOW)


def _save(clinic: Clinic, **fields: str) -> None:
    frank = clinic.signed_in("frank")
    with clinic.database.read() as session:
        here = settings.read_installation(session)
    typed = {name: str(getattr(here, name)) for name in settings.TYPED}
    frank.send("/admin/", "/admin/", **{**typed, **fields})


def _everywhere(clinic: Clinic) -> dict[str, str]:
    nora = new_diarist(clinic, days_ago=30)
    nora.history_of(10)
    paper = text_of(nora.browser.get(nora.path("report.pdf?paper=a4")).data)
    return {
        "rules": clinic.signed_in("carol").page(RULES).text,
        "settings": clinic.signed_in("frank").page("/admin/").text,
        "paper": " ".join(paper.split()),
    }


def test_a_name_signs_the_rules_in_use_on_its_day(clinic: Clinic) -> None:
    _save(clinic, rules_signed_by="Dr New")
    said = f"Rules {STANDARD.rule_set}, signed by Dr New on 12 Mar 2026."
    for place, text in _everywhere(clinic).items():
        assert said in text, place


def test_another_rule_set_is_not_signed_yet(clinic: Clinic) -> None:
    _noted(clinic, rules_signed_set="2026-01-01.1", rules_signed_on=NOW.date())
    said = (
        f"Rules {STANDARD.rule_set} are not signed yet."
        " Dr Test signed rules 2026-01-01.1 on 12 Mar 2026."
    )
    for place, text in _everywhere(clinic).items():
        assert said in text, place
    # Another setting changes nothing about that; the same name signs again where it says so.
    _save(clinic, clinic_name="Spine unit")
    assert said in clinic.signed_in("carol").page(RULES).text
    _save(clinic, signs_again="yes")
    assert "signed by Dr Test on 12 Mar 2026." in clinic.signed_in("carol").page(RULES).text


def test_under_another_rule_set_no_language_is_called_checked(clinic: Clinic) -> None:
    """Naming the translations alone says that the English words are signed."""
    _noted(clinic, rules_signed_set="2026-01-01.1", rules_signed_on=NOW.date())
    said = "No clinician has checked the advice in use now, in any language."
    assert said in clinic.signed_in("carol").page(RULES).text
    assert said in new_diarist(clinic, days_ago=30).page("settings").text
    _save(clinic, rules_signed_by="Dr New")
    assert said not in clinic.signed_in("carol").page(RULES).text


def test_it_is_signed_on_the_day_where_the_clinic_is(clinic: Clinic) -> None:
    _noted(clinic, country="TW")
    clinic.clock.forward(hours=12)
    _save(clinic, rules_signed_by="Dr New")
    assert clinic.clock().date() == NOW.date()
    assert "signed by Dr New on 13 Mar 2026." in clinic.signed_in("carol").page(RULES).text


def test_a_name_of_before_signed_the_rules_of_then(clinic: Clinic) -> None:
    _noted(clinic, rules_signed_set="", rules_signed_on=None)
    said = "are not signed yet. Dr Test signed earlier rules. Which ones and when was not noted."
    for place, text in _everywhere(clinic).items():
        assert said in text, place


def test_nobody_has_signed(clinic: Clinic) -> None:
    _noted(clinic, rules_signed_by="")
    assert "Nobody has signed them." in clinic.signed_in("carol").page(RULES).text


def test_the_patient_reads_that_the_rules_were_never_tested(clinic: Clinic) -> None:
    """Beside what statistics found, and on a page that names the rule set, alone or not."""
    never = "The rules that look for patterns were never tested on patients."
    nora = new_diarist(clinic, days_ago=85)
    nora.history_of(84, axial_pain=8)
    assert nora.recovery().open_flags
    home = nora.page()
    assert never in home.text
    assert nora.path("flags") in home.links
    about = nora.page("flags").text
    assert never in about
    assert f"Rules {STANDARD.rule_set}" in about


def test_alone_nobody_has_signed(clinic: Clinic) -> None:
    with clinic.app.test_request_context("/"):
        said = signature_words(settings.Installation(mode=Mode.JUST_ME))
    assert said == f"Rules {STANDARD.rule_set}. Nobody has signed them."
