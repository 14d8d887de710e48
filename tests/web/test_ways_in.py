"""Every way to sign in, walked from every place one may start at, along every redirect to the end.

A redirect that nobody follows proves nothing: the page behind it may refuse.
"""

import html
import json
import re
import time
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from passlib.totp import TOTP

from recovery_tracker.domain.people import Role
from recovery_tracker.storage import accounts
from recovery_tracker.web.auth.invitations import invite, offer_new_password
from tests.web.conftest import NOW, PASSWORD, SYSTEM
from tests.web.page import Page
from tests.web.passkey import SoftwarePasskey

MOST_REDIRECTS = 6

NEW_PASSWORD = "eleven quiet boats at sea"


class Walker:
    """A browser that follows every redirect and stands still on no page of refusal."""

    def __init__(self, clinic) -> None:
        self.client = clinic.browser().client
        self.at = ""
        self.text = ""

    def open(self, address: str) -> "Walker":
        """The page behind a link, wherever it leads."""
        return self._arrive(address, self.client.get(_here(address)))

    def send(self, action: str, **fields) -> "Walker":
        """The form of this page whose address begins with `action`, filled in and sent."""
        form = Page(self.text).form(action)
        address = urljoin(f"http://localhost{self.at}", html.unescape(form.action))
        answer = self.client.post(_here(address), data={**form.hidden(), **fields})
        return self._arrive(address, answer)

    def _arrive(self, address: str, answer) -> "Walker":
        for _hop in range(MOST_REDIRECTS):
            if answer.status_code not in {301, 302, 303, 307, 308}:
                break
            address = urljoin(f"http://localhost{_here(address)}", answer.headers["Location"])
            assert urlsplit(address).netloc == "localhost", address
            answer = self.client.get(_here(address))
        assert answer.status_code in {200, 401}, (address, answer.status_code)
        self.at, self.text = urlsplit(address).path, answer.text
        return self


def _here(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _from_the_first_page(walker: Walker) -> None:
    walker.open("/")


def _from_the_sign_in_page(walker: Walker) -> None:
    walker.open("/account/sign-in")


def _from_a_page_that_needs_it(walker: Walker) -> None:
    walker.open("/account")


def _from_a_whole_address(walker: Walker) -> None:
    walker.open("/account/sign-in?next=http://localhost/account")


def _from_a_form_sent_signed_out(walker: Walker) -> None:
    walker._arrive("/account/language", walker.client.post("/account/language"))


STARTS = (
    _from_the_first_page,
    _from_the_sign_in_page,
    _from_a_page_that_needs_it,
    _from_a_whole_address,
    _from_a_form_sent_signed_out,
)

#: Where somebody arrives who asked for no page in particular.
FIRST_PAGES = {"carol": "/clinic/patients", "alice": "/p/", "frank": "/admin/"}


class Ways:
    """The people of the clinic with everything they could sign in with."""

    def __init__(self, clinic) -> None:
        self.clinic = clinic
        self.key = _give_an_app(clinic, "carol")
        self.recovery_codes = _give_recovery_codes(clinic, "carol")
        self.passkey = _give_a_passkey(clinic, "alice")
        self._step = -3

    def code(self) -> str:
        """A code of carol's app that was not used before."""
        self._step += 1
        return TOTP(key=self.key).generate(time=time.time() + 30 * self._step).token

    def password_alone(self, walker: Walker) -> str:
        walker.send("/account/sign-in", email="frank", password=PASSWORD)
        return "frank"

    def password_and_code(self, walker: Walker) -> str:
        walker.send("/account/sign-in", email="carol", password=PASSWORD)
        assert walker.at == "/account/second-step/code"
        walker.send("/account/second-step/code", code=self.code())
        return "carol"

    def password_and_recovery_code(self, walker: Walker) -> str:
        walker.send("/account/sign-in", email="carol", password=PASSWORD)
        link = re.search(r'href="(/account/recovery-code[^"]*)"', walker.text).group(1)
        walker.open(html.unescape(link))
        walker.send("/account/recovery-code", code=self.recovery_codes.pop())
        return "carol"

    def passkey_alone(self, walker: Walker) -> str:
        link = re.search(r'href="(/account/passkey[^"]*)"', walker.text).group(1)
        walker.open(html.unescape(link))
        walker.send("/account/passkey")
        options = json.loads(html.unescape(re.search(r'data-options="([^"]+)"', walker.text)[1]))
        walker.send("/account/passkey/", credential=self.passkey.used(options))
        return "alice"


@pytest.mark.parametrize(
    "way",
    [
        Ways.password_alone,
        Ways.password_and_code,
        Ways.password_and_recovery_code,
        Ways.passkey_alone,
    ],
    ids=lambda way: way.__name__,
)
def test_every_way_leads_in_from_every_start(clinic, way: Callable[[Ways, Walker], str]):
    ways = Ways(clinic)
    for start in STARTS:
        walker = Walker(clinic)
        start(walker)
        name = way(ways, walker)
        wanted = "/account" if start in STARTS[2:] else FIRST_PAGES[name]
        assert walker.at.startswith(wanted), (start.__name__, walker.at)
        assert walker.open("/account").at == "/account", start.__name__


def test_an_invitation_leads_in(clinic):
    path = urlsplit(
        invite(
            clinic.database,
            "http://localhost",
            role=Role.CLINICIAN,
            name="Hanna",
            by=SYSTEM,
            at=NOW,
        )
    ).path
    walker = Walker(clinic).open(path).send(path, login="hanna", password=PASSWORD)
    _sign_in_from_here(walker, "hanna", PASSWORD)
    assert walker.at == "/clinic/patients"


def test_a_new_password_leads_in(clinic):
    key = _give_an_app(clinic, "carol")
    account = clinic.accounts["carol"]
    link = offer_new_password(clinic.database, "http://localhost", account, by=SYSTEM, at=NOW)
    path = urlsplit(link).path
    walker = Walker(clinic).open(path).send(path, password=NEW_PASSWORD)
    _sign_in_from_here(walker, "carol", NEW_PASSWORD)
    walker.send("/account/second-step/code", code=TOTP(key=key).generate().token)
    assert walker.at == "/clinic/patients"


def _sign_in_from_here(walker: Walker, login: str, password: str) -> None:
    """By the link of the page that says the account is ready."""
    link = re.search(r'href="(/account/sign-in[^"]*)"', walker.text).group(1)
    walker.open(html.unescape(link)).send("/account/sign-in", email=login, password=password)


def _give_an_app(clinic, name: str) -> str:
    security = clinic.app.extensions["security"]
    with clinic.app.test_request_context():
        secret = security.totp_factory.generate_totp_secret()
        user = security.datastore.find_user(email=name)
        key = security.totp_factory.fetch_setup_values(secret, user)["key"]
    _keep(clinic, name, totp_secret=secret, second_factor="authenticator")
    return key.replace("-", "").replace(" ", "")


def _give_recovery_codes(clinic, name: str) -> list[str]:
    security = clinic.app.extensions["security"]
    with clinic.app.test_request_context():
        user = security.datastore.find_user(email=name)
        return list(security.mf_recovery_codes_util.create_recovery_codes(user))


def _give_a_passkey(clinic, name: str) -> SoftwarePasskey:
    passkey = SoftwarePasskey()
    walker = Walker(clinic).open("/account/sign-in")
    walker.send("/account/sign-in", email=name, password=PASSWORD)
    walker.open("/account/passkeys").send("/account/passkeys", name="my phone", usage="first")
    options = json.loads(html.unescape(re.search(r'data-options="([^"]+)"', walker.text)[1]))
    walker.send("/account/passkeys/", credential=passkey.made(options))
    assert "my phone" in walker.text
    return passkey


def _keep(clinic, name: str, **credentials) -> None:
    with clinic.database.write() as session:
        accounts.save_credentials(
            session, clinic.accounts[name].id, by=SYSTEM, at=NOW, **credentials
        )
