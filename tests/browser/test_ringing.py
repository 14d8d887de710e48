"""A device is chosen on the page of reminders and rings; a phone is told once how to get the icon.

Chromium without a network has no push service, so its subscription is played; the worker and the
message to it are the real ones.
"""

import json
import shutil

import pytest

from recovery_tracker import services
from recovery_tracker.storage import people
from recovery_tracker.web.shared.ringing import devices_of
from tests.browser.barriers import barriers
from tests.browser.conftest import Chromium, follow, serve
from tests.browser.geometry import faults
from tests.browser.test_offline import COUNT, write_a_day
from tests.push_service import Phone
from tests.web.diarist import new_diarist

pytestmark = pytest.mark.browser

ORIGIN = "https://push.example.org"
#: The name of the tab outlives the clearing of what pages keep, as a subscription does.
PLAYED = """
PushManager.prototype.subscribe = function (asked) {
  if (!asked.userVisibleOnly || asked.applicationServerKey.length !== 65) throw new Error('asked');
  window.name = 'rings';
  return Promise.resolve(SAID);
};
PushManager.prototype.getSubscription = function () {
  return Promise.resolve(window.name ? SAID : null);
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
        yield site


@pytest.fixture(autouse=True)
def nora(site):
    nora = new_diarist(site.clinic, "nora", days_ago=40)
    nora.history_of(3)
    return nora


def played_phone() -> str:
    """The script that plays the push service of a browser."""
    said = Phone(f"{ORIGIN}/send/abc").said()
    keys = {"p256dh": said["p256dh"], "auth": said["auth"]}
    told = json.dumps({"endpoint": said["endpoint"], "keys": keys})
    stop = "async () => { window.name = ''; return true; }"
    made = f"{{endpoint: '{said['endpoint']}', unsubscribe: {stop}, toJSON: () => ({told})}}"
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


@pytest.fixture
def ringing(chromium: Chromium, site):
    """The tab of a phone that Nora has chosen for her reminders."""
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.grant_permissions(["notifications"], origin=site.address)
    context.add_init_script(played_phone())
    tab = site.sign_in(context, "nora")
    tab.goto(tab.url + "reminders")
    button = tab.get_by_role("button", name="Remind me on this device")
    button.wait_for()
    follow(button)
    yield tab
    context.close()


def rings_on(site, nora) -> list[str]:
    """Where Nora's diary rings."""
    with site.clinic.database.read() as session:
        patient = people.patient_by_id(session, nora.patient.id)
    return [one.endpoint for one in devices_of(patient)]


def sign_outs(tab) -> list[str]:
    """What is posted to sign out from now on."""
    posts: list[str] = []

    def note(request) -> None:
        if request.method == "POST" and request.url.endswith("/sign-out"):
            posts.append(request.post_data or "")

    tab.on("request", note)
    return posts


def sign_out_of(tab) -> None:
    tab.locator("main").get_by_role("button", name="Sign out", exact=True).click()


def test_signing_out_tells_the_diary_once_which_device_it_was(ringing, site, nora) -> None:
    ringing.goto(f"{site.address}/account")
    posts = sign_outs(ringing)
    sign_out_of(ringing)
    ringing.get_by_text("You are signed out").wait_for()
    assert ["endpoint=https%3A%2F%2Fpush.example.org%2Fsend%2Fabc" in one for one in posts] == [
        True
    ]
    assert rings_on(site, nora) == []
    assert ringing.evaluate("window.name") == ""


def test_signing_out_with_an_entry_that_waits_asks_first_and_then_leaves_nothing(
    ringing, site, nora
) -> None:
    day = nora.day(nora.today)
    ringing.goto(f"{site.address}{day}")
    ringing.context.route(f"**{day}", lambda route: route.abort(), times=1)
    write_a_day(ringing)
    ringing.wait_for_selector(".save .waiting")
    ringing.context.route("**/token", lambda route: route.abort())
    ringing.goto(f"{site.address}/account")
    ringing.evaluate("localStorage.setItem('diary-draft', 'typed')")
    posts, answers = sign_outs(ringing), [False, True]
    ringing.on("dialog", lambda asked: asked.accept() if answers.pop(0) else asked.dismiss())
    with ringing.expect_event("dialog"):
        sign_out_of(ringing)
    ringing.wait_for_timeout(4000)  # Long enough for what must not happen.
    assert posts == []
    assert ringing.evaluate(COUNT) == 1
    assert ringing.evaluate("localStorage.getItem('diary-draft')") == "typed"
    assert (len(rings_on(site, nora)), ringing.evaluate("window.name")) == (1, "rings")
    sign_out_of(ringing)
    ringing.get_by_text("You are signed out").wait_for()
    assert answers == []
    assert ["endpoint=" in one for one in posts] == [True]
    assert ringing.evaluate(COUNT) == 0
    assert ringing.evaluate("localStorage.getItem('diary-draft')") is None
    assert (rings_on(site, nora), ringing.evaluate("window.name")) == ([], "")


def test_signing_out_waits_for_a_browser_that_is_slow_to_say_where_it_rings(ringing, site) -> None:
    ringing.add_init_script(
        "const soon = PushManager.prototype.getSubscription;"
        "PushManager.prototype.getSubscription = () => "
        "new Promise(done => setTimeout(done, 1000)).then(soon);"
    )
    ringing.goto(f"{site.address}/account")
    posts = sign_outs(ringing)
    # Somebody impatient presses twice.
    ringing.locator("main").get_by_role("button", name="Sign out", exact=True).dblclick()
    ringing.get_by_text("You are signed out").wait_for()
    assert ["endpoint=" in one for one in posts] == [True]


def test_signing_out_leaves_the_reminders_of_somebody_else_on_the_device(
    ringing, site, nora
) -> None:
    """Nora's diary rings elsewhere; this browser has been chosen by another person since."""
    others = Phone(f"{ORIGIN}/send/def")
    nora.send("reminders", what="no_ring")
    nora.send("reminders", what="ring", **others.said())
    ringing.goto(f"{site.address}/account")
    sign_out_of(ringing)
    ringing.get_by_text("You are signed out").wait_for()
    assert ringing.evaluate("window.name") == "rings"
    assert rings_on(site, nora) == [others.endpoint]


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
