"""Every page of a blueprint, found in the application's own table of addresses.

A page that is added is looked at by axe and by the checks of layout without being listed anywhere.
"""

from tests.browser.conftest import Site

#: What a GET answers with something else than a page.
NO_PAGE = frozenset(
    {
        "patient.token",
        "clinician.patients_csv",
        "clinician.chart_csv",
        "clinician.outcomes_csv",
        "clinician.outcomes_pdf",
    }
)


def pages_of(site: Site, blueprint: str, **values: str) -> list[str]:
    """The address of every page, with `values` where an address names a patient or a day."""
    app = site.clinic.app
    # The page of a file that has waited too long; the one of a file that waits needs a file.
    values = {"token": "gone", **values}
    with app.test_request_context():
        found = [
            rule.build(values, append_unknown=False)
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith(f"{blueprint}.")
            and rule.endpoint not in NO_PAGE
            and rule.methods is not None
            and "GET" in rule.methods
        ]
    assert all(found), "an address needs a value that the test does not give"
    return sorted(f"{site.address}{built[1]}" for built in found if built)
