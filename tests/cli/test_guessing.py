"""Two hundred guesses at the same moment, at a password and at a code, over both serving processes.

Ten are looked at, a browser that is known gets in meanwhile, and a restart forgets nothing.
"""

import html
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from passlib.totp import TOTP

from .server import Server, Visitor, hidden_fields, set_up

pytestmark = pytest.mark.slow

AT_ONCE, JUDGED = 200, 10
SIGN_IN, CODE = "/account/sign-in", "/account/second-step/code"
PASSWORD = "violet kettle on the moon"


class House:
    """A running diary of one person, who set it up, and a way to start it again."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.server = Server("run", "--port", 0, "--database", url)
        self.base = self.server.line_with("Your diary: ").rstrip("/")

    def again(self) -> None:
        """Stopped and started; it listens elsewhere."""
        assert self.server.stop() == 0
        self.server = Server("run", "--port", 0, "--database", self.url)
        self.base = self.server.line_with("Your diary: ").rstrip("/")

    def browser(self, known: Visitor | None = None) -> Visitor:
        """A new browser, or a known one that was signed out."""
        cookies = {} if known is None else known.cookies
        return Visitor(self.base, {n: v for n, v in cookies.items() if n.endswith("-device")})

    def try_password(self, visitor: Visitor, password: str) -> tuple[int, str]:
        """Status and where it leads."""
        fields = hidden_fields(visitor.get(SIGN_IN)[1])
        sent = {**fields, "email": "ana", "password": password}
        return visitor.send("POST", SIGN_IN, sent)[:2]

    def half(self) -> Visitor:
        """A browser in which the password was right and the code is to come."""
        visitor = self.browser()
        status, where = self.try_password(visitor, PASSWORD)
        assert (status, urlsplit(where).path) == (302, CODE)
        return visitor


@pytest.fixture
def house(tmp_path):
    made = House(f"sqlite:///{tmp_path}/diary.sqlite")
    try:
        yield made
    finally:
        if made.server.process.poll() is None:
            made.server.kill()


def _at_once(guesses) -> Counter[int]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(lambda guess: guess(), guesses))


def _give_an_app(visitor: Visitor) -> str:
    """The key that the authenticator app of the person keeps."""
    page = visitor.get("/account/second-step")[1]
    fields = hidden_fields(page) | {"setup": "authenticator"}
    page = visitor.send("POST", "/account/second-step", fields)[2]
    key = re.search(r'class="num key">([^<]+)', page)[1].replace("-", "").replace(" ", "")
    action = html.unescape(re.search(r'action="(/account/second-step[^"]*)"', page)[1])
    fields = hidden_fields(page) | {"code": TOTP(key=key).generate().token}
    assert visitor.send("POST", action, fields)[0] in (302, 303)
    return key


def test_ten_are_looked_at_whatever_comes_at_once_and_after_a_restart(house):
    link = house.server.line_with("First run. Set it up here (the link works once): ")
    owner, _ = set_up(house.base, urlsplit(link).path)
    strangers = [house.browser() for _ in range(AT_ONCE)]
    forms = [hidden_fields(one.get(SIGN_IN)[1]) for one in strangers]

    def guess(one, form):
        sent = {**form, "email": "ana", "password": "wrong"}
        return lambda: one.send("POST", SIGN_IN, sent)[0]

    found = _at_once([guess(*pair) for pair in zip(strangers, forms, strict=True)])
    assert found == {200: JUDGED, 429: AT_ONCE - JUDGED}
    for _ in range(2):
        assert house.try_password(house.browser(), PASSWORD)[0] == 429
        assert house.try_password(house.browser(owner), PASSWORD)[0] == 302
        house.again()


def test_the_same_with_codes(house):
    link = house.server.line_with("First run. Set it up here (the link works once): ")
    owner, _ = set_up(house.base, urlsplit(link).path)
    key = _give_an_app(owner)
    strangers = [house.half() for _ in range(20)]
    forms = [hidden_fields(one.get(CODE)[1]) for one in strangers]

    def guess(number):
        one, form = strangers[number % 20], forms[number % 20]
        sent = {**form, "code": f"{number:06d}"}
        # Each with cookies of its own, as different browsers would send them.
        return lambda: Visitor(house.base, one.cookies).send("POST", CODE, sent)[0]

    found = _at_once([guess(number) for number in range(AT_ONCE)])
    assert found == {200: JUDGED, 429: AT_ONCE - JUDGED}
    house.again()
    late = house.half()
    sent = {**hidden_fields(late.get(CODE)[1]), "code": TOTP(key=key).generate().token}
    assert late.send("POST", CODE, sent)[0] == 429
    # In the own browser the right code opens, once its time step is a new one.
    known = house.browser(owner)
    assert house.try_password(known, PASSWORD)[0] == 302
    sent = hidden_fields(known.get(CODE)[1])
    sent["code"] = TOTP(key=key).generate(time=time.time() + 30).token
    assert known.send("POST", CODE, sent)[0] == 302
    assert known.get("/account")[0] == 200
