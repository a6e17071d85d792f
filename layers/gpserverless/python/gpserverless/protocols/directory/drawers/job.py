"""The page of a job: its status while it goes on, its results and inputs when it has succeeded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from gpserverless.errors import RequestError
from gpserverless.http.answer_format import Format
from gpserverless.http.route import Route
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.results import Places, find_map, show_messages
from gpserverless.protocols.directory.labels import FINAL, JOB_STATUSES
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.shown_text import show_date
from gpserverless.protocols.directory.shown_value import FEATURES, TOO_LARGE, Kind, ShownValue, Side

SUCCEEDED = "esriJobSucceeded"


@dataclass(frozen=True)
class ShownUsage:
    """Times and usage of a job as its page shows them; "" where nothing is known.

    Attributes:
        submitted: When it was submitted, in milliseconds since 1970-01-01 UTC; None if that is not known.
        submitted_text: The same as a text.
        elapsed: Time from then to its end.
        seconds: Time in which a worker had it.
        peak_megabytes: Most memory of its tool.
        dollars: Its price.
    """

    submitted: int | None
    submitted_text: str
    elapsed: str
    seconds: str
    peak_megabytes: str
    dollars: str

    @classmethod
    def of(cls, usage: Mapping[str, Any]) -> ShownUsage:
        """Return the usage of a job as its page shows it.

        Args:
            usage: `usage` of the job's document.
        """
        submitted, ended = usage.get("submitted"), usage.get("ended")
        elapsed = None if submitted is None or ended is None else (ended - submitted) / 1000
        return cls(
            submitted,
            show_date(submitted) or "",
            "" if elapsed is None else show_duration(elapsed),
            show_duration(usage["seconds"]) if "seconds" in usage else "",
            f"{usage['peakMegabytes']:g}" if "peakMegabytes" in usage else "",
            f"{usage['dollars']:.6f}" if usage.get("dollars") else "",
        )


def show_duration(seconds: float) -> str:
    """Return a span of time: "0.4 s", "12 s", "3 min 05 s", "1 h 02 min".

    Args:
        seconds: The span.
    """
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def draw_job(subject: Subject, document: Any) -> Page:
    """Return the page of a job.

    Args:
        subject: The resource.
        document: Its document.
    """
    status = document["jobStatus"]
    path = subject.links.job(subject.route.names)
    has_results = status == SUCCEEDED
    shown = list(_show_values(subject, document)) if has_results else []
    values = {
        "job": document,
        "task_name": subject.name("task"),
        "url": subject.links.url(path),
        "path": path,
        "state": JOB_STATUSES[status],
        "is_over": status in FINAL,
        "may_cancel": status not in FINAL and status != "esriJobCancelling",
        "usage": ShownUsage.of(document.get("usage", {})),
        "messages": show_messages(document.get("messages", ())),
        "shown": shown,
        "map_path": find_map(subject, shown),
        "layers": [each for each in shown if each.layer],
    }
    scripts = ("job.js", "results.js") if has_results else ("job.js",)
    return Page("job.html", Text("Job"), values, scripts=scripts, connections=subject.stores)


def _show_values(subject: Subject, document: Mapping[str, Any]) -> Iterator[ShownValue]:
    places = Places(subject)
    for name in document.get("results", ()):
        yield _show(subject, places, name, "output")
    for name in document.get("inputs", ()):
        yield _show(subject, places, name, "input")


def _show(subject: Subject, places: Places, name: str, side: Side) -> ShownValue:
    """Return a value of the job; one that is too large to be handed over is shown by its link alone."""
    read = _read(subject, name, side)
    if read is not None:
        return places.show(read, side)
    data_type = places.data_type(name)
    kind: Kind = "features" if data_type == FEATURES else "file"
    place = places.find(name, side)
    layer = places.find_map_layer(name, side)
    url = f"{place.url}?f=json"
    return ShownValue(name, data_type, kind, place, file=url, note=TOO_LARGE, map_layer=layer)


def _read(subject: Subject, name: str, side: Side) -> Any:
    """Return the document of a value; None if it is too large."""
    if subject.site.read is None:
        return None
    route = Route("result" if side == "output" else "input", {**subject.route.names, "parameter": name})
    request = replace(subject.request, answer_format=Format(), is_page=True)
    try:
        response = subject.site.read(request, route)
    except RequestError:  # it is too large, or it has gone while the page is drawn
        return None
    return orjson.loads(response.body) if response.is_document else None
