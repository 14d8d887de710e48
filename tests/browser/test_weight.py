"""The first page is small, comes from this machine alone, and keeps to the content policy."""

import pytest

from tests.browser.conftest import Site

pytestmark = pytest.mark.browser

#: Bytes of a first load with fonts; what a phone on a poor line can bear.
#: Nothing here is compressed, so a server that compresses sends less.
LARGEST_FIRST_LOAD = 150_000


@pytest.mark.parametrize("tail", ["", "day"])
def test_first_load_is_small_and_asks_nobody_else(chromium, site: Site, nora, tail):
    signed_in = chromium.new_context()
    cookies = site.sign_in(signed_in, "nora").context.cookies()
    context = chromium.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    context.add_cookies(cookies)
    tab = context.new_page()
    loaded, complaints = {}, []
    tab.on("response", lambda answer: loaded.setdefault(answer.url, answer))
    tab.on("console", lambda message: complaints.append(message.text))
    address = nora.path() if not tail else nora.day(nora.today)
    tab.goto(f"{site.address}{address}", wait_until="networkidle")
    assert all(url.startswith(site.address) for url in loaded)
    weight = sum(len(answer.body()) for answer in loaded.values() if answer.status == 200)
    assert weight < LARGEST_FIRST_LOAD
    assert [text for text in complaints if "Playwright" not in text] == []
    context.close()
    signed_in.close()


#: When something of the page can be seen.
PAINTED = """() => new Promise(done =>
  new PerformanceObserver(() => done()).observe({ type: 'paint', buffered: true }))"""
#: All that has moved since the page began, as Chromium's own score; 0.1 is called good. Whatever
#: came last is in the picture after two frames.
SHIFTED = """async () => {
  let sum = 0;
  const seen = list => list.getEntries().forEach(one => { sum += one.value; });
  await document.fonts.ready;
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const observer = new PerformanceObserver(seen);
  observer.observe({ type: 'layout-shift', buffered: true });
  await new Promise(done => setTimeout(done));
  seen({ getEntries: () => observer.takeRecords() });
  return sum;
}"""


#: Every page with what it waits for; the daily form has no picture.
LATE = [
    (who, late)
    for who in ("home", "day", "chart")
    for late in ("letters", "pictures", "script")
    if (who, late) != ("day", "pictures")
]


@pytest.mark.parametrize(("who", "late"), LATE)
def test_nothing_moves_under_the_thumb_when_a_part_comes_late(chromium, site, nora, who, late):
    """What is late comes only when the page is already seen."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, service_workers="block")
    tab = site.sign_in(context, "nora")
    tails = {"home": nora.path(), "day": nora.day(nora.today), "chart": nora.path("recovery")}
    kinds = {"letters": "**/*.woff2", "pictures": "**/*.svg*", "script": "**/*.js*"}
    held, seen = [], []
    tab.route(kinds[late], lambda one: one.continue_() if seen else held.append(one))
    with tab.expect_request(kinds[late]):
        tab.goto(f"{site.address}{tails[who]}", wait_until="commit")
    tab.evaluate(PAINTED)
    seen.append(True)
    for route in held:
        route.continue_()
    tab.wait_for_load_state("networkidle")
    assert held
    assert tab.evaluate(SHIFTED) < 0.02
    context.close()


def test_focus_is_never_covered_by_the_bar(chromium, site: Site, nora):
    """WCAG 2.4.11: whatever has the focus can be seen, also above the bar at the bottom."""
    context = chromium.new_context(viewport={"width": 390, "height": 700})
    tab = site.sign_in(context, "nora")
    tab.goto(f"{site.address}{nora.day(nora.today)}")
    covered = """() => {
      const e = document.activeElement, b = e.getBoundingClientRect();
      const bar = document.querySelector('.save').getBoundingClientRect();
      return !e.closest('.save') && e !== document.body && b.top >= bar.top &&
        b.top < bar.bottom && bar.top > 0;
    }"""
    for _press in range(30):
        tab.keyboard.press("Tab")
        tab.wait_for_timeout(20)
        assert not tab.evaluate(covered), tab.evaluate("document.activeElement.outerHTML")[:120]
    context.close()
