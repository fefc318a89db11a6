"""How does the service do? For a load balancer, an operator and a monitor; beside the API."""

from http import HTTPStatus
from typing import Literal

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.registry import Collector
from starlette.responses import Response

from uitvoering import __version__
from uitvoering.api.guard import App
from uitvoering.api.problems import REFUSALS
from uitvoering.application.log_standing import LogStanding, log_standing
from uitvoering.application.monitor_report import MonitorStanding, monitor_standing
from uitvoering.application.standings import ViewStanding, standings
from uitvoering.application.uitvoering import Uitvoering
from uitvoering.domain.values import Value
from uitvoering.errors import UitvoeringError


class Health(Value):
    """`pass`; `warn` when a view stopped but filing goes on; `fail` when an operator must act."""

    status: Literal["pass", "warn", "fail"]
    version: str
    position: int | None = None
    """Of the newest event, where the store was asked."""
    views: tuple[ViewStanding, ...] | None = None
    log: LogStanding | None = None
    """Of the log that proves the history, where there is one."""
    log_unreadable: str | None = None
    """The code of what is wrong with it."""
    monitor: MonitorStanding | None = None
    """What the monitor last found, where it has looked."""


def live() -> Response:
    """The process answers; it asks nothing of the store."""
    return _answer(Health(status="pass", version=__version__))


def ready(app: App) -> Response:
    """The store answers; a view or a log that stopped is told and keeps nobody from filing.

    503 while an alarm of the monitor stands: what is answered here may not be what was recorded.
    """
    found = _looked(app)
    if _is_alarmed(found):
        return _failed(found)
    stopped = any(view.stopped_at is not None for view in found.views or ())
    monitor = found.monitor
    unread = monitor is not None and (
        monitor.age_seconds is None
        or monitor.failed is not None
        or monitor.late_seconds is not None
    )
    log = found.log
    late = found.log_unreadable is not None or (log is not None and bool(log.late or log.refusals))
    return _answer(
        found.model_copy(update={"status": "warn" if stopped or late or unread else "pass"})
    )


def deep(app: App) -> Response:
    """Every stored view holds everything recorded, once it was given time to: 503 when not.

    And while an alarm of the monitor stands, as `ready`.
    """
    position = app.store.position()
    standing = [app.reading.views.reach(view.name, position) for view in app.reading.projections]
    found = _looked(app)
    if any(view.position < position for view in standing):
        return _failed(found)
    return _failed(found) if _is_alarmed(found) else _answer(found)


def metrics(app: App) -> Response:
    """Everything above as Prometheus reads it."""
    registry = CollectorRegistry()
    registry.register(_Gauges(app))
    body = generate_latest(registry) + generate_latest(REFUSALS)
    return Response(body, media_type=CONTENT_TYPE_PLAIN_1_0_0)


class _Gauges(Collector):
    """Asked anew for every scrape: nothing is measured while nobody looks."""

    def __init__(self, app: Uitvoering) -> None:
        self._app = app

    def collect(self) -> list[GaugeMetricFamily]:
        position = GaugeMetricFamily("uitvoering_position", "Position of the newest event")
        position.add_metric([], self._app.store.position())
        horizon = GaugeMetricFamily(
            "uitvoering_horizon_age_seconds",
            "How long readers have been kept from a committed event",
        )
        horizon.add_metric([], self._app.store.horizon_age())
        views = standings(self._app.reading)
        return [
            position,
            horizon,
            *_of_the_log(self._app),
            *_of_the_monitor(self._app),
            _by_view("lag_events", "Events not yet folded", views),
            _by_view("lag_seconds", "Age of the oldest event not yet folded", views),
            _by_view("stopped_at", "Position of the event it cannot fold; 0 for none", views),
        ]


def _by_view(name: str, meaning: str, views: tuple[ViewStanding, ...]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(f"uitvoering_view_{name}", meaning, labels=["view"])
    for view in views:
        gauge.add_metric([view.name], getattr(view, name) or 0)
    return gauge


def _of_the_log(app: Uitvoering) -> list[GaugeMetricFamily]:
    """Nothing without a log; of one that cannot be read, that alone."""
    found, unreadable = _log(app)
    values: list[tuple[str, str, float | None]] = []
    if app.promises is not None or unreadable is not None:
        values.append(("unreadable", "1 when the log cannot be read", unreadable is not None))
    if found is not None:
        values += [
            ("size", "Leaves in the newest checkpoint", found.size),
            ("lag_events", "Events that no checkpoint speaks of yet", found.lag_events),
            ("lag_seconds", "Age of the oldest of those", found.lag_seconds),
            ("checkpoint_age_seconds", "Since the newest checkpoint", found.checkpoint_age_seconds),
            ("quorum_size", "Leaves in the newest one with a quorum", found.quorum_size),
            ("quorum_age_seconds", "Since that quorum", found.quorum_age_seconds),
            ("stamp_age_seconds", "Since the last time stamp", found.stamp_age_seconds),
            ("refusals", "Witnesses that answer and do not cosign", len(found.refusals)),
        ]
    gauges: list[GaugeMetricFamily] = []
    for name, meaning, value in values:
        if value is not None:
            gauge = GaugeMetricFamily(f"uitvoering_log_{name}", meaning)
            gauge.add_metric([], value)
            gauges.append(gauge)
    return gauges


def _of_the_monitor(app: Uitvoering) -> list[GaugeMetricFamily]:
    found = _monitor(app)
    if found is None:
        return []
    alarms = GaugeMetricFamily("uitvoering_monitor_alarms", "Differences the monitor last found")
    alarms.add_metric([], found.alarms)
    failed = GaugeMetricFamily(
        "uitvoering_monitor_failed", "1 when it could not look at everything, then or since"
    )
    failed.add_metric([], found.age_seconds is None or found.failed is not None)
    age = GaugeMetricFamily("uitvoering_monitor_age_seconds", "Since the monitor last looked")
    if found.age_seconds is None:
        return [alarms, failed]
    age.add_metric([], found.age_seconds)
    return [alarms, failed, age]


def _monitor(app: Uitvoering) -> MonitorStanding | None:
    """Nothing where it never looked; with a log or without, for a log can be taken away."""
    return None if app.monitored is None else monitor_standing(app.monitored, app.clock())


def _looked(app: Uitvoering) -> Health:
    log, unreadable = _log(app)
    return Health(
        status="pass",
        version=__version__,
        position=app.store.position(),
        views=standings(app.reading),
        log=log,
        log_unreadable=unreadable,
        monitor=_monitor(app),
    )


def _log(app: Uitvoering) -> tuple[LogStanding | None, str | None]:
    """How it stands, or the code of why that cannot be said."""
    if app.promises is None:
        return None, None if app.log_unreadable is None else app.log_unreadable.code
    try:
        return log_standing(app, app.promises.ledger), None
    except UitvoeringError as error:
        return None, error.code


def _is_alarmed(health: Health) -> bool:
    return health.monitor is not None and health.monitor.alarms > 0


def _failed(health: Health) -> Response:
    # Nothing in a 5xx names a place in the code (CONVENTIONS 4): `uitvoering views` tells it.
    views = tuple(view.model_copy(update={"stopped_by": None}) for view in health.views or ())
    failed = health.model_copy(update={"status": "fail", "views": views})
    return _answer(failed, HTTPStatus.SERVICE_UNAVAILABLE)


def _answer(health: Health, status: HTTPStatus = HTTPStatus.OK) -> Response:
    return Response(
        health.model_dump_json(by_alias=True, exclude_none=True),
        status_code=status,
        media_type="application/json",
    )
