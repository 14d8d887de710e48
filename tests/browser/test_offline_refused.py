"""An entry that waited on the phone and is refused: said plainly, opened as typed, settled once."""

import pytest

from recovery_tracker.domain.flags import Urgency
from recovery_tracker.domain.people import Rights, Role
from tests.browser.conftest import Site, follow
from tests.browser.test_offline import COUNT, phone, until, write_a_day

__all__ = ["phone"]

pytestmark = pytest.mark.browser

WAITING = "window.diary.waiting().then(found => found.length)"


def keep_without_a_signal(tab, site: Site, nora, *, line: str = "") -> None:
    """A day is written without a signal; with a line ticked its question above is left open."""
    tab.context.set_offline(True)
    tab.goto(f"{site.address}{nora.path()}")
    if line:
        tab.evaluate(f"document.getElementById('line-{line}').checked = true")
        tab.locator("form.day button[type=submit]").click()
    else:
        write_a_day(tab)
    tab.wait_for_selector(".save .waiting")


def test_refused_entry_is_opened_as_typed_and_settled_by_saving_it(phone, site: Site, nora):
    keep_without_a_signal(phone, site, nora, line="saddle")
    phone.context.set_offline(False)
    notice = phone.locator("#offline")
    until(phone, "document.getElementById('offline').textContent.includes('needs a look')")
    assert notice.locator("a[href='/help']").is_visible()
    with phone.expect_navigation():
        phone.locator("#waiting").get_by_text("Open it and check it").click()
    assert phone.locator("#errors").is_visible()
    assert phone.locator("#line-saddle").is_checked()
    phone.locator("#signs-some").check(force=True)
    with phone.expect_navigation(url="**/advice"):
        phone.locator("form.day button[type=submit]").click()
    until(phone, f"{WAITING}.then(count => count === 0)")
    assert nora.entry(nora.today).signs == {"saddle_numbness"}


def test_an_entry_the_server_fails_on_holds_up_no_other(phone, site: Site, nora):
    """It stays and is tried again; the day behind it may be an emergency."""
    keep_without_a_signal(phone, site, nora)
    bad = {"key": "0", "path": nora.path("day/2020-01-01"), "body": "", "warns": False}
    phone.evaluate(
        """bad => new Promise(done => {
            indexedDB.open('diary', 1).onsuccess = event => {
                const change = event.target.result.transaction('waiting', 'readwrite');
                change.objectStore('waiting').put(bad);
                change.oncomplete = done;
            };
        })""",
        bad,
    )
    phone.route("**/day/2020-01-01", lambda route: route.fulfill(status=500))
    phone.context.set_offline(False)
    until(phone, f"{WAITING}.then(count => count === 1)")
    assert nora.entry(nora.today).walking == 2
    assert phone.evaluate("window.diary.waiting().then(found => found[0].key)") == "0"


def test_signed_out_phone_says_that_nothing_was_sent(phone, site: Site, nora):
    keep_without_a_signal(phone, site, nora)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    until(phone, "document.getElementById('offline').textContent.includes('signed out')")
    with phone.expect_navigation():
        phone.locator("#offline a").first.click()
    until(phone, "document.getElementById('offline').textContent.includes('Sign in to send it.')")


@pytest.mark.parametrize(
    ("ticks", "typed"),
    [([], "38.4"), ([], "101"), ([], "３８"), (["axial_pain-9"], ""), (["strain-fall"], "")],
)
def test_whatever_may_need_a_call_leads_to_help_without_a_signal(
    phone, site: Site, nora, ticks, typed
):
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    phone.evaluate("document.getElementById('more').open = true")
    for tick in ticks:
        phone.locator(f"#{tick}").check(force=True)
    if typed:
        phone.locator("[name=temperature_c]").fill(typed)
    write_a_day(phone)
    phone.wait_for_selector("#offline a[href='/help']")


def test_who_signs_in_next_neither_sees_nor_deletes_what_waits(phone, site: Site, nora):
    """It held an emergency, and went with the next person's signing out."""
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    phone.locator("#signs-some").check(force=True)
    phone.locator("#line-saddle").check(force=True)
    phone.locator("#save").click()
    phone.wait_for_selector(".save .waiting")
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    other = site.sign_in(phone.context, "bob")
    other.goto(f"{site.address}/account", wait_until="networkidle")
    assert other.locator("#offline").inner_text() == ""
    asked = []
    other.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    follow(other.locator("form[action$='/sign-out'] button"))
    assert asked == []
    assert other.evaluate(COUNT) == 1
    own = site.sign_in(phone.context, "nora")
    until(own, f"({COUNT})().then(left => left === 0)")
    (flag,) = nora.recovery().open_flags
    assert flag.urgency is Urgency.EMERGENCY


def test_a_carer_who_signs_out_deletes_nothing_that_the_patient_wrote(phone, site: Site, nora):
    """Both write in the same diary on the same phone; what waits is an emergency."""
    site.clinic.add_account("ruth", Role.PATIENT, patient_id=nora.patient.id, rights=Rights.WRITE)
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    phone.locator("#signs-some").check(force=True)
    phone.locator("#line-saddle").check(force=True)
    phone.locator("#save").click()
    phone.wait_for_selector(".save .waiting")
    phone.context.clear_cookies()
    phone.context.route("**/token", lambda route: route.abort())
    phone.context.set_offline(False)
    carer = site.sign_in(phone.context, "ruth")
    carer.goto(f"{site.address}/account", wait_until="networkidle")
    until(carer, "document.getElementById('offline').textContent.includes('is waiting')")
    assert carer.locator("#waiting .kept").count() == 1
    assert carer.locator("#waiting .kept button").count() == 0
    asked = []
    carer.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    follow(carer.locator("form[action$='/sign-out'] button"))
    assert asked == []
    assert carer.evaluate(COUNT) == 1
    phone.context.unroute("**/token")
    carer = site.sign_in(phone.context, "ruth")
    until(carer, f"({COUNT})().then(left => left === 0)")
    (flag,) = nora.recovery().open_flags
    assert flag.urgency is Urgency.EMERGENCY


def test_who_signs_in_next_finds_no_form_of_the_one_before(phone, site: Site, nora):
    """The blank form holds the words of an own question; her session had run out."""
    forms = (
        "caches.open('diary-1').then(shelf => shelf.keys())"
        ".then(kept => kept.map(one => one.url).filter(one => one.endsWith('/offline')).join())"
    )
    assert phone.evaluate(forms) == f"{site.address}{nora.path('offline')}"
    phone.context.clear_cookies()
    own = site.clinic.bob.public_id
    other = site.sign_in(phone.context, "bob")
    other.goto(f"{site.address}/p/{own}/")
    until(other, f"{forms}.then(found => found === '{site.address}/p/{own}/offline')")
