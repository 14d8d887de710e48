"""For monitoring: whether the program is up, whether it can save, and how it is doing.

Nothing here is about a person: counts, times, and the patterns of addresses.
"""

import os
from collections.abc import Iterator
from hmac import compare_digest
from time import perf_counter
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue

from ...storage import alerts
from ...storage.errors import NotSaved
from ...storage.patient_summary import waiting_for_assessment
from ...trends.parameters import STANDARD
from ..config import Config, UnsafeConfig, current_config
from . import clock
from .access import database
from .policies import ANYONE, policy

blueprint = Blueprint("watching", __name__)
#: Only registered where a token is set.
numbers = Blueprint("numbers", __name__)


@blueprint.get("/healthz")
@policy(ANYONE, before_setup=True)
def alive() -> ResponseReturnValue:
    """Says that the program is running; if there is no answer, restart it."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@policy(ANYONE, before_setup=True)
def ready() -> ResponseReturnValue:
    """Whether a day could be saved now; where not, 503 and what is wrong, in one word."""
    found = _trouble()
    return Response(f"{found or 'ok'}\n", 503 if found else 200, mimetype="text/plain")


def _trouble() -> str:
    try:
        with database().read() as session:  # A server that is gone is noticed by asking it.
            alerts.last_run(session, "tick")
        return str(database().trouble() or "")
    except NotSaved as error:
        return error.trouble


@numbers.get("/metrics")
@policy(ANYONE, before_setup=True)
def metrics() -> ResponseReturnValue:
    """The numbers of all serving processes, for a reader who brings the token; else 404."""
    import prometheus_client as prometheus

    wanted = f"Bearer {current_config().metrics_token}"
    if not compare_digest(request.headers.get("Authorization", "").encode(), wanted.encode()):
        abort(404)
    registry = prometheus.CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client.multiprocess import MultiProcessCollector

        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(current_app.extensions["recovery_seconds"])
    registry.register(_Now())
    return Response(prometheus.generate_latest(registry), content_type="text/plain; version=0.0.4")


class _Now:
    """What is asked of the database each time."""

    def collect(self) -> Iterator[Any]:
        from prometheus_client.core import GaugeMetricFamily

        found = _trouble()
        yield GaugeMetricFamily(
            "recovery_tracker_ready", "1 while a day could be saved.", value=float(not found)
        )
        if found:
            return
        with database().read() as session:
            due = waiting_for_assessment(session, clock.now().date(), STANDARD.rule_set)
            runs = {name: alerts.last_run(session, name) for name in ("tick", "remind")}
        yield GaugeMetricFamily(
            "recovery_tracker_assessments_waiting", "Patients for `tick`.", value=len(due)
        )
        ended = GaugeMetricFamily(
            "recovery_tracker_last_run_timestamp_seconds",
            "When a command last ended well.",
            labels=["command"],
        )
        for name, at in runs.items():
            if at is not None:
                ended.add_metric([name], at.timestamp())
        yield ended


def init_app(app: Flask, config: Config) -> None:
    """Health and readiness have their pages, and where a token is set the numbers have theirs."""
    app.register_blueprint(blueprint)
    if not config.metrics_token:
        return
    try:
        import prometheus_client as prometheus
    except ImportError as error:
        raise UnsafeConfig(
            'Metrics need a package: pip install "recovery-tracker[metrics]", or unset '
            "RECOVERY_TRACKER_METRICS_TOKEN."
        ) from error
    app.register_blueprint(numbers)
    seconds = prometheus.Histogram(
        "recovery_tracker_request_seconds",
        "Requests by the pattern of their address.",
        ["method", "route", "status"],
        registry=None,
        buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10),
    )
    app.extensions["recovery_seconds"] = seconds

    @app.after_request
    def count(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule is not None else "-"
        method = _METHODS.get(request.method, "-")
        spent = perf_counter() - g.get("started", perf_counter())
        seconds.labels(method, rule, str(response.status_code)).observe(spent)
        return response


_METHODS = {method: method for method in ("GET", "HEAD", "POST", "OPTIONS")}
