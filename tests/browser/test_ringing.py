"""A device is chosen on the page of reminders and rings; a phone is told once how to get the icon.

Chromium without a network has no push service, so its subscription is played; the worker and the
message to it are the real ones.
"""

import json
import shutil

import pytest

from recovery_tracker import services
from tests.browser.barriers import barriers
from tests.browser.conftest import Chromium, follow, serve
from tests.browser.geometry import faults
from tests.push_service import Phone
from tests.web.diarist import new_diarist

pytestmark = pytest.mark.browser

ORIGIN = "https://push.example.org"
PLAYED = """
PushManager.prototype.subscribe = function (asked) {
  if (!asked.userVisibleOnly || asked.applicationServerKey.length !== 65) throw new Error('asked');
  sessionStorage.rings = '1';
  return Promise.resolve(SAID);
};
PushManager.prototype.getSubscription = function () {
  return Promise.resolve(sessionStorage.rings ? SAID : null);
};
"""
#: The screen of the device is played too: a browser without windows has none.
SCREEN = """() => {
  self.shown = [];
  ServiceWorkerRegistration.prototype.showNotification = function (title, how) {
    self.shown.push([title, how.tag, how.data, how.body]);
    return Promise.resolve();
  };
}"""
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 "
    "Mobile Safari/537.36"
)


@pytest.fixture
def site(clinic_database, tmp_path):
    file = tmp_path / "clinic.db"
    shutil.copy(clinic_database, file)
    with serve(file, push_services=(ORIGIN,)) as site:
        services.note_run(site.clinic.database, "remind", at=site.clinic.clock())
        new_diarist(site.clinic, "nora", days_ago=40).history_of(3)
        yield site


def played_phone() -> str:
    """The script that plays the push service of a browser."""
    said = Phone(f"{ORIGIN}/send/abc").said()
    keys = {"p256dh": said["p256dh"], "auth": said["auth"]}
    told = json.dumps({"endpoint": said["endpoint"], "keys": keys})
    made = (
        f"{{endpoint: '{said['endpoint']}', unsubscribe: async () => true, toJSON: () => ({told})}}"
    )
    return PLAYED.replace("SAID", made)


def test_a_device_is_chosen_and_rings(chromium: Chromium, site) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.grant_permissions(["notifications"], origin=site.address)
    context.add_init_script(played_phone())
    tab = site.sign_in(context, "nora")
    follow(tab.locator("nav a", has_text="Reminders"))
    button = tab.get_by_role("button", name="Remind me on this device")
    button.wait_for()
    assert tab.get_by_text("goes out in code").is_visible()
    assert (faults(tab), barriers(tab)) == ([], [])
    follow(button)
    assert tab.get_by_text("Reminders go to 1 device.").is_visible()
    tab.evaluate("navigator.serviceWorker.ready.then(() => null)")
    assert not button.is_visible()
    worker = context.service_workers[0]
    worker.evaluate(SCREEN)
    line = context.new_cdp_session(tab)
    registrations: list[str] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    line.send("ServiceWorker.enable")
    tab.wait_for_timeout(500)
    message = json.dumps({"title": "Your diary is open", "url": "/"})
    told = {"origin": site.address, "registrationId": registrations[-1], "data": message}
    line.send("ServiceWorker.deliverPushMessage", told)
    tab.wait_for_timeout(500)
    assert worker.evaluate("() => self.shown") == [["Your diary is open", "diary", "/", None]]
    follow(tab.get_by_role("button", name="Stop them"))
    button.wait_for()
    context.close()


def test_signing_out_tells_the_diary_which_device_it_was(chromium: Chromium, site) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.grant_permissions(["notifications"], origin=site.address)
    context.add_init_script(played_phone())
    tab = site.sign_in(context, "nora")
    tab.goto(tab.url + "reminders")
    button = tab.get_by_role("button", name="Remind me on this device")
    button.wait_for()
    follow(button)
    tab.goto(f"{site.address}/account")
    with tab.expect_request("**/sign-out") as sent:
        tab.locator("main").get_by_role("button", name="Sign out", exact=True).click()
    assert "endpoint=https%3A%2F%2Fpush.example.org%2Fsend%2Fabc" in (sent.value.post_data or "")
    tab.get_by_text("You are signed out").wait_for()
    context.close()


def test_without_permission_the_page_says_where_it_is_given(chromium: Chromium, site) -> None:
    context = chromium.new_context(viewport={"width": 320, "height": 700})
    context.add_init_script("Notification.requestPermission = () => Promise.resolve('denied');")
    tab = site.sign_in(context, "nora")
    follow(tab.locator("nav a", has_text="Reminders"))
    tab.get_by_role("button", name="Remind me on this device").click()
    tab.get_by_text("Reminders are blocked on this device").wait_for()
    assert (faults(tab), barriers(tab)) == ([], [])
    context.close()


@pytest.mark.parametrize(
    ("agent", "words"),
    [(IPHONE, "Press the Share button"), (ANDROID, "Open the menu of your browser")],
)
def test_a_phone_is_told_once_how_to_get_the_icon(chromium: Chromium, site, agent, words) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, user_agent=agent)
    # An iPhone has no push until the diary is on its home screen.
    if agent is IPHONE:
        context.add_init_script("delete window.PushManager")
    tab = site.sign_in(context, "nora")
    tab.get_by_text(words).wait_for()
    assert (faults(tab), barriers(tab)) == ([], [])
    tab.get_by_role("button", name="OK, I have read it").click()
    assert not tab.get_by_text(words).is_visible()
    tab.reload()
    tab.wait_for_load_state("networkidle")
    assert not tab.get_by_text(words).is_visible()
    follow(tab.locator("nav a", has_text="Reminders"))
    tab.wait_for_load_state("networkidle")
    assert tab.get_by_text(words).is_visible() == (agent is IPHONE)
    assert tab.locator("#ring").is_visible() == (agent is ANDROID)
    context.close()


def test_a_computer_is_told_nothing_of_it(chromium: Chromium, site) -> None:
    context = chromium.new_context()
    tab = site.sign_in(context, "nora")
    tab.wait_for_load_state("networkidle")
    assert not tab.locator("#install").is_visible()
    context.close()
