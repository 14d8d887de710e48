"""Days with and without a signal, in any order: every answer arrives, and none is emptied."""

import random
from datetime import date, timedelta

import pytest

from recovery_tracker.domain.diary import SignChange
from tests.browser.conftest import Site, follow
from tests.browser.test_offline import phone, until, worker_takes_over, write_a_day
from tests.web.diarist import CALM, new_diarist

__all__ = ["phone"]

pytestmark = pytest.mark.browser

FULL = {**CALM, "numbness": "1", "numbness_zones": "left_calf", "steps": "4200", "note": "new"}


def wait_until_sent(tab) -> None:
    until(tab, "window.diary.waiting().then(found => found.length === 0)")


def live(tab) -> str:
    return str(tab.evaluate("document.getElementById('offline').textContent"))


def shelve(tab, site: Site, nora) -> None:
    """Home is opened with a signal: the phone keeps the blank form as it is now."""
    tab.goto(f"{site.address}{nora.path()}", wait_until="networkidle")


def later(tab, site: Site, **span: float) -> None:
    """Time passes for the clinic and for the phone."""
    site.clinic.clock.forward(**span)
    tab.clock.set_fixed_time(site.clinic.clock())


def at(tab, site: Site, hour: int) -> None:
    """It is this hour of the next day in UTC, for the clinic and for the phone."""
    clock = site.clinic.clock
    clock.instant = clock.instant.replace(hour=hour, minute=15) + timedelta(days=1)
    tab.clock.set_fixed_time(clock())


def test_day_without_a_signal_after_a_full_day_with_one_arrives(phone, site: Site, nora):
    nora.log(nora.today, **FULL)
    shelve(phone, site, nora)
    later(phone, site, days=1)
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    write_a_day(phone)
    phone.wait_for_selector(".save .waiting")
    phone.context.set_offline(False)
    wait_until_sent(phone)
    assert nora.entry(nora.today).walking == 2
    assert "Sent. Saved." in live(phone)
    until(phone, "document.querySelector('.save').textContent.includes('Sent. Saved.')")
    phone.locator("#waiting").wait_for(state="hidden")


def test_blank_form_of_the_same_day_empties_nothing(phone, site: Site, nora):
    yesterday = nora.today - timedelta(days=1)
    nora.log(yesterday, **CALM | {"signs": "some", "line": "saddle"})
    form = nora.blank(nora.today)
    nora.log(nora.today, form=form, **FULL, **{"change-saddle_numbness": "gone"})
    shelve(phone, site, nora)
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    assert phone.locator("#written").is_visible()
    phone.locator("#axial_pain-3").check(force=True)
    phone.locator("#signs-none").check(force=True)
    phone.locator("#save").click()
    phone.wait_for_selector(".save .waiting")
    phone.context.set_offline(False)
    wait_until_sent(phone)
    entry = nora.entry(nora.today)
    assert (entry.walking, entry.steps, entry.note) == (2, 4200, "new")
    assert entry.numbness_zones == {"left_calf"}
    assert entry.sign_changes == {"saddle_numbness": SignChange.GONE}
    assert nora.recovery().open_signs == ()


def test_answers_that_differ_are_asked_about_one_by_one(phone, site: Site, nora):
    shelve(phone, site, nora)
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    phone.locator("#walking-0").check(force=True)
    phone.locator("#axial_pain-5").check(force=True)
    phone.locator("#mobility-1").check(force=True)
    phone.locator("#signs-none").check(force=True)
    phone.locator("#save").click()
    phone.wait_for_selector(".save .waiting")
    nora.log(nora.today, **FULL)
    phone.context.set_offline(False)
    until(phone, "document.getElementById('offline').textContent.includes('some answers differ')")
    kept = phone.locator("#waiting")
    kept.get_by_text("How long did you walk").wait_for()
    assert "How long did you walk" in kept.inner_text()
    assert "5" in kept.inner_text()
    follow(kept.get_by_role("button", name="Open it and check it"))
    assert phone.locator("input[name=part]").count() == 2
    phone.locator("#keep-walking-before").check(force=True)
    phone.locator("#keep-axial_pain-mine").check(force=True)
    follow(phone.get_by_role("button", name="Save", exact=True))
    wait_until_sent(phone)
    entry = nora.entry(nora.today)
    assert (entry.walking, entry.axial_pain, entry.steps) == (2, 5, 4200)


def test_what_was_saved_before_may_be_kept_and_what_is_stuck_thrown_away(phone, site: Site, nora):
    for keeps in (True, False):
        shelve(phone, site, nora)
        phone.context.set_offline(True)
        phone.goto(f"{site.address}{nora.path()}")
        phone.locator("#walking-0").check(force=True)
        phone.locator("#signs-none").check(force=True)
        phone.locator("#save").click()
        phone.wait_for_selector(".save .waiting")
        nora.log(nora.today, **FULL)
        phone.context.set_offline(False)
        until(
            phone,
            "!!document.querySelector('#waiting:not([hidden]) details[open]')",
        )
        if keeps:
            follow(phone.get_by_role("button", name="Open it and check it"))
            follow(phone.get_by_role("button", name="Keep the answers saved before"))
        else:
            asked = []
            phone.once(
                "dialog",
                lambda dialog, asked=asked: (asked.append(dialog.message), dialog.accept()),
            )
            phone.get_by_role("button", name="Delete it").click()
            until(phone, "document.getElementById('waiting').hidden")
            assert "Delete this entry?" in asked[0]
        wait_until_sent(phone)
        assert nora.entry(nora.today).walking == 2


def test_emergency_written_without_a_signal_opens_its_advice_once_sent(phone, site: Site, nora):
    nora.log(nora.today, **FULL)
    shelve(phone, site, nora)
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    phone.locator("#signs-some").check(force=True)
    phone.locator("#line-saddle").check(force=True)
    phone.locator("#save").click()
    phone.wait_for_selector(".save .waiting")
    assert "see what to do" in live(phone)
    phone.context.set_offline(False)
    phone.wait_for_url("**/advice")
    wait_until_sent(phone)
    entry = nora.entry(nora.today)
    assert (entry.signs, entry.steps) == ({"saddle_numbness"}, 4200)


def test_emergency_that_waits_for_a_choice_opens_its_advice_once(phone, site: Site, nora):
    nora.log(nora.today, **CALM | {"axial_pain": "3", "signs": "some", "line": "saddle"})
    shelve(phone, site, nora)
    phone.context.set_offline(True)
    phone.goto(f"{site.address}{nora.path()}")
    phone.locator("#axial_pain-9").check(force=True)
    phone.locator("#signs-none").check(force=True)
    phone.locator("#save").click()
    phone.wait_for_selector(".save .waiting")
    opened = []
    phone.on("framenavigated", lambda frame: opened.append(frame.url))
    phone.context.set_offline(False)
    phone.wait_for_url("**/advice")
    until(phone, "document.readyState === 'complete' && !!document.querySelector('#offline p')")
    phone.goto(f"{site.address}{nora.path()}", wait_until="networkidle")
    until(phone, "!!document.querySelector('#waiting:not([hidden]) details[open]')")
    assert [url.endswith("/advice") for url in opened] == [True, False]
    follow(phone.get_by_role("button", name="Open it and check it"))
    assert phone.locator("input[name=part]").count() == 1


@pytest.mark.parametrize(
    ("zone", "hour", "days"), [("Asia/Tokyo", 20, 1), ("Pacific/Honolulu", 5, -1)]
)
def test_phone_ahead_or_behind_writes_its_own_day_and_may_set_the_zone(
    chromium, site: Site, nora, zone, hour, days
):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, timezone_id=zone)
    tab = site.sign_in(context, "nora")
    at(tab, site, hour)
    shelve(tab, site, nora)
    worker_takes_over(tab)
    until(tab, "caches.open('diary-1').then(shelf => shelf.keys()).then(kept => kept.length >= 8)")
    there = nora.today + timedelta(days=days)
    context.set_offline(True)
    tab.goto(f"{site.address}{nora.path()}")
    tab.locator("#walking-4").check(force=True)
    tab.locator("#signs-none").check(force=True)
    tab.locator("#save").click()
    tab.wait_for_selector(".save .waiting")
    context.set_offline(False)
    wait_until_sent(tab)
    assert "Sent. Saved." in live(tab)
    entry = nora.entry(there)
    assert (entry.walking, entry.zone if days > 0 else zone) == (4, zone)
    follow(tab.get_by_text("See your entry"))
    assert tab.locator("h1").inner_text().startswith("Saved")
    shelve(tab, site, nora)
    offer = tab.locator("#zone-offer")
    offer.get_by_text(zone.split("/")[1]).first.wait_for()
    assert zone.split("/")[1] in offer.inner_text()
    follow(offer.get_by_role("button", name="Use the phone’s time zone"))
    assert nora.recovery().patient.zone == zone
    until(tab, "document.getElementById('zone-offer').hidden")
    context.close()


def test_after_midnight_yesterday_comes_first(phone, site: Site):
    ada = new_diarist(site.clinic, "ada")
    phone.context.clear_cookies()
    tab = site.sign_in(phone.context, "ada")
    at(tab, site, 0)
    yesterday = ada.today - timedelta(days=1)
    shelve(tab, site, ada)
    assert tab.locator("a.btn").first.get_attribute("href").endswith(f"/{yesterday}")
    tab.context.set_offline(True)
    tab.goto(f"{site.address}{ada.path()}")
    assert tab.locator("form.day").get_attribute("action").endswith(f"/{yesterday}")
    tab.locator("#other-day").click()
    assert tab.locator("form.day").get_attribute("action").endswith(f"/{ada.today}")


KEEP_MANY = """entries => new Promise(done => {
  indexedDB.open('diary', 1).onsuccess = event => {
    const change = event.target.result.transaction('waiting', 'readwrite');
    entries.forEach(one => change.objectStore('waiting').put(one));
    change.oncomplete = done;
  };
})"""


def test_two_hundred_entries_in_any_order_are_all_there(phone, site: Site, nora):
    """Ten of the days were written online before, some differ; a refused one holds up no other."""
    order = random.Random(29)
    start: date = nora.today - timedelta(days=250)
    days = [start + timedelta(days=n) for n in range(200)]
    hidden = {**nora.blank(nora.today), "expected_version": "0"}
    before = order.sample(days, 10)
    for day in before:
        nora.log(day, form={**hidden, "source": "offline", "key": f"online-{day}"}, **FULL)
    entries = []
    for number, day in enumerate(days):
        body = f"walking={number % 5}&signs=none&source=offline&expected_version=0&shown="
        path = nora.path(f"day/{day}")
        entries.append({"key": f"many-{number}", "path": path, "body": body, "warns": False})
    entries.append({"key": "bad", "path": nora.path("day/1800-01-01"), "body": "", "warns": True})
    order.shuffle(entries)
    shelve(phone, site, nora)
    phone.evaluate(KEEP_MANY, entries)
    phone.evaluate("window.diary.flush()")
    until(phone, "window.diary.waiting().then(found => found.every(one => one.stopped))")
    stored = {one.day: one.entry for one in nora.recovery().entries}
    for number, day in enumerate(days):
        assert stored[day].walking is not None, day
        if day not in before:
            assert stored[day].walking == number % 5, day
        else:
            assert (stored[day].steps, stored[day].note) == (4200, "new"), day
