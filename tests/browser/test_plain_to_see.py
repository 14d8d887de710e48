"""What is typed can be read by whoever mistypes, and where one is can be seen."""

import pytest

from tests.browser.conftest import Site, follow
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.browser


def test_a_password_can_be_shown_where_it_is_typed(chromium, site: Site):
    tab = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    tab.goto(f"{site.address}/account/sign-in")
    field, box = tab.locator("#password"), tab.get_by_label("Show the password")
    field.fill(PASSWORD)
    assert field.get_attribute("type") == "password"
    before = field.bounding_box()
    box.check()
    assert field.get_attribute("type") == "text"
    assert field.bounding_box() == before
    tab.locator("#email").fill("nobody")
    follow(tab.locator("form[action='/account/sign-in'] button[type=submit]"))
    assert field.get_attribute("type") == "password"
    assert not box.is_checked()


def test_every_field_for_a_password_offers_it(chromium, site: Site):
    tab = site.sign_in(chromium.new_context(), "carol")
    tab.goto(f"{site.address}/account/password")
    fields = tab.locator("input[type=password]").count()
    assert fields == 3
    assert tab.get_by_label("Show the password").count() == fields


def test_where_one_is_stands_out_in_forced_colours(chromium, site: Site):
    """Shadows and colours of ours are gone there."""
    context = chromium.new_context(forced_colors="active", viewport={"width": 1280, "height": 800})
    tab = site.sign_in(context, "carol")
    tab.goto(f"{site.address}/clinic/patients")
    for links in (".bar a", ".tiles a"):
        look = f"""[...document.querySelectorAll('{links}')].map(link =>
            [link.hasAttribute('aria-current'), getComputedStyle(link).backgroundColor])"""
        seen = tab.evaluate(look)
        here = {colour for is_here, colour in seen if is_here}
        others = {colour for is_here, colour in seen if not is_here}
        assert here
        assert others
        assert not here & others
