"""Without a signal: the form still opens, the entry waits on the phone and is sent once."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error as PageGone

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser


#: How many entries wait on the phone, on whatever page it is.
COUNT = """() => new Promise(done => {
  const opening = indexedDB.open('diary', 1);
  opening.onsuccess = () => {
    const all = opening.result.transaction('waiting').objectStore('waiting').count();
    all.onsuccess = () => done(all.result);
  };
})"""


class TimeoutFailed(AssertionError):
    """What was waited for did not come."""


@pytest.fixture
def phone(chromium, site: Site, nora):
    """A tab on the home page, with the worker in charge."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    tab = site.sign_in(context, "nora")
    worker_takes_over(tab)
    until(tab, "caches.open('diary-1').then(shelf => shelf.keys()).then(kept => kept.length >= 8)")
    yield tab
    context.close()


def until(tab, holds: str, seconds: float = 120) -> None:
    """Waits until an expression holds. The strict content policy forbids the page's own waiting."""
    for _try in range(int(seconds * 10)):
        try:
            if tab.evaluate(holds):
                return
        except PageGone:
            pass  # The page has just gone on to another one, as it does to open an advice.
        tab.wait_for_timeout(100)
    raise TimeoutFailed(f"never: {holds}")


def worker_takes_over(tab) -> None:
    """A page that comes while the worker is set up may stay without it until it is loaded again."""
    for _try in range(10):
        with suppress(TimeoutFailed):
            return until(tab, "navigator.serviceWorker.controller !== null", seconds=12)
        tab.reload()
    return pytest.fail("the worker never took over")


def write_a_day(tab) -> None:
    tab.locator("#walking-2").check(force=True)
    tab.locator("#signs-none").check(force=True)
    tab.locator("form.day button[type=submit]").click()


def test_entry_made_without_a_signal_is_sent_when_it_is_back(phone, site: Site, nora):
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    write_a_day(phone)
    phone.wait_for_selector(".save .waiting")
    until(phone, "document.getElementById('offline').textContent.includes('1 entry is waiting')")
    assert nora.entry(nora.today) is None
    phone.context.set_offline(False)
    until(phone, "document.getElementById('offline').textContent.includes('Sent. Saved.')")
    assert nora.entry(nora.today).walking == 2
    assert nora.version(nora.today) == 1


def test_the_pages_say_that_there_is_no_signal_and_that_the_day_is_done(phone, site: Site, nora):
    """A link to another page opens the form of a day; back at home nothing asks for it again."""
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path('recovery')}")
    assert phone.get_by_text("No signal. You can still write a day here.").is_visible()
    write_a_day(phone)
    phone.wait_for_selector(".save .waiting")
    phone.goto("about:blank")
    phone.context.set_offline(False)
    phone.goto(f"{site.address}{nora.path()}")
    until(phone, "document.getElementById('offline').textContent.includes('Sent. Saved.')")
    until(phone, "document.querySelector('main').textContent.includes('Today is done.')")
    assert phone.get_by_text("Add today’s entry").count() == 0
    assert phone.get_by_text("Sent. Saved.").is_visible()


def test_what_waits_is_sent_though_no_browser_says_that_the_signal_is_back(phone, site: Site, nora):
    """Some never say `online` on a page that was opened without a signal, and some always say that
    there is none, as on a computer whose own server needs no signal.
    """
    phone.add_init_script(
        "addEventListener('online', event => event.stopImmediatePropagation(), true);"
        "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false });"
    )
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    write_a_day(phone)
    phone.wait_for_selector(".save .waiting")
    phone.context.set_offline(False)
    until(phone, "document.getElementById('offline').textContent.includes('Sent. Saved.')")
    assert nora.entry(nora.today).walking == 2
    assert nora.version(nora.today) == 1


def test_what_waits_next_is_tried_soon_however_long_the_last_took(phone, site: Site, nora):
    phone.add_init_script(
        "addEventListener('online', event => event.stopImmediatePropagation(), true);"
        "window.pauses = []; const later = setTimeout;"
        "window.setTimeout = (work, pause) => { pauses.push(pause); return later(work, pause); };"
    )
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    write_a_day(phone)
    until(phone, "pauses.includes(8000)")
    phone.context.set_offline(False)
    until(phone, "document.getElementById('offline').textContent.includes('Sent. Saved.')")
    phone.evaluate("pauses.length = 0")
    phone.context.set_offline(True)
    phone.locator("form.day button[type=submit]").click()
    phone.wait_for_selector(".save .waiting")
    until(phone, "pauses.some(one => one !== 15000)")
    assert phone.evaluate("pauses.filter(one => one !== 15000)[0]") == 2000


def test_lost_answer_does_not_become_a_second_entry(phone, site: Site, nora):
    """The server has saved, the phone never hears of it, and sends again."""
    phone.goto(f"{site.address}{nora.day(nora.today)}")

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    phone.context.route(f"**{nora.day(nora.today)}", lose_the_answer, times=1)
    write_a_day(phone)
    phone.wait_for_selector(".save .waiting")
    assert nora.version(nora.today) == 1
    phone.goto(f"{site.address}{nora.path()}")
    until(phone, "window.diary.waiting().then(found => found.length === 0)")
    assert nora.version(nora.today) == 1


def test_help_opens_without_a_signal(phone, site: Site):
    phone.context.set_offline(True)
    phone.goto(f"{site.address}/help")
    assert phone.locator("a[href='tel:999']").first.is_visible()


def test_sign_ticked_without_a_signal_leads_to_help(phone, site: Site, nora):
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    phone.locator("#signs-some").check(force=True)
    phone.locator("#line-calf").check(force=True)
    phone.locator("form.day button[type=submit]").click()
    phone.wait_for_selector("#offline a[href='/help']")


@pytest.mark.parametrize("agrees", [True, False])
def test_signing_out_clears_what_waits_only_after_asking(phone, site: Site, nora, agrees):
    phone.goto(f"{site.address}{nora.day(nora.today)}")
    phone.context.route(f"**{nora.day(nora.today)}", lambda route: route.abort(), times=1)
    write_a_day(phone)
    phone.wait_for_selector(".save .waiting")
    phone.context.route("**/token", lambda route: route.abort())
    phone.goto(f"{site.address}/account")
    questions = []

    def answer(dialog):
        questions.append(dialog.message)
        dialog.accept() if agrees else dialog.dismiss()

    phone.on("dialog", answer)
    with phone.expect_navigation() if agrees else phone.expect_event("dialog"):
        phone.locator("form[action$='/sign-out'] button").click()
    assert "has not been sent yet" in questions[0]
    if not agrees:
        phone.wait_for_timeout(1500)  # Long enough for what must not happen.
    assert phone.evaluate(COUNT) == (0 if agrees else 1)
