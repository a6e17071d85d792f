"""The pages of values: the answer of `execute`, results and inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from gpserverless.errors import NotFound
from gpserverless.items.names import FOLDER
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.pages import FORM
from gpserverless.protocols.directory.labels import MESSAGE_CLASSES, MESSAGE_TYPES
from gpserverless.protocols.directory.layer_links import LayerLinks
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.same_call import repeat_call
from gpserverless.protocols.directory.shown_value import (
    FEATURES,
    FILES,
    TABLE,
    Kind,
    Place,
    ShownValue,
    Side,
    show_value,
)

ELSEWHERE = Text("This raster is on another server, from which the page does not read.")
"""The note of a raster that scripts may not read."""


def draw_executed(subject: Subject, document: Any) -> Page:
    """Return the page of the answer of `execute`.

    Args:
        subject: The operation.
        document: Its document.
    """
    places = Places(subject)
    shown = [places.show(each, "output") for each in document["results"]]
    return _draw(subject, Text("Result"), shown, show_messages(document["messages"]))


def draw_results(subject: Subject, document: Any) -> Page:
    """Return the page of all results of a job.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = Places(subject)
    return _draw(subject, Text("Results"), [places.show(each, "output") for each in document])


def draw_result(subject: Subject, document: Any) -> Page:
    """Return the page of one result of a job.

    Args:
        subject: The resource.
        document: Its document.
    """
    messages = show_messages(document.get("messages", ()))
    return _draw(subject, document["paramName"], [Places(subject).show(document, "output")], messages)


def draw_inputs(subject: Subject, document: Any) -> Page:
    """Return the page of all inputs of a job.

    Args:
        subject: The resource.
        document: Its document.
    """
    places = Places(subject)
    return _draw(subject, Text("Inputs"), [places.show(each, "input") for each in document])


def draw_input(subject: Subject, document: Any) -> Page:
    """Return the page of one input of a job.

    Args:
        subject: The resource.
        document: Its document.
    """
    return _draw(subject, document["paramName"], [Places(subject).show(document, "input")])


def show_messages(messages: Iterable[Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """Return the class, the label and the text of each message.

    Args:
        messages: Messages of a document.
    """
    return [(MESSAGE_CLASSES[m["type"]], MESSAGE_TYPES[m["type"]], m["description"]) for m in messages]


class Places:
    """The places of the values of a task: their URLs, and their names for people.

    Args:
        subject: A resource of the task.
    """

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        try:
            parameters = subject.describe_task()["parameters"]
        except NotFound:  # the task has gone since the job ran
            parameters = ()
        self._parameters = {each["name"]: each for each in parameters}
        site = urlsplit(subject.links.root)
        self._readable = {f"{site.scheme}://{site.netloc}", *subject.stores}

    def find(self, name: str, side: Side) -> Place:
        """Return the place of a value.

        Args:
            name: Name of the parameter.
            side: Whether it is an input or an output.
        """
        known = self._parameters.get(name, {})
        title, description = known.get("displayName", ""), known.get("description", "")
        return Place(side, self._find_url(name, side), title, description)

    def show(self, document: Mapping[str, Any], side: Side) -> ShownValue:
        """Return a value as a page shows it.

        Args:
            document: JSON of paramName, dataType and value.
            side: Whether it is an input or an output.
        """
        shown = show_value(self._link_item(document), self.find(document["paramName"], side))
        if side == "output" and (layer := self._find_layer(shown)):
            kind: Kind = "table" if shown.data_type == TABLE else "features"
            return replace(shown, kind=kind, layer=layer, file="")
        if shown.kind not in ("raster", "file") or not shown.file:
            return shown
        if self._is_readable(shown.file):
            return replace(shown, is_readable=True, image_service=self._find_image(shown))
        return replace(shown, note=ELSEWHERE) if shown.kind == "raster" else shown

    def data_type(self, name: str) -> str:
        """Return the name of the data type of a parameter, "" if it is not known.

        Args:
            name: Name of the parameter.
        """
        return str(self._parameters.get(name, {}).get("dataType", ""))

    def _link_item(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a document with the link to its uploaded item, if its value is one."""
        match document["value"]:
            case {"itemID": str(item)} if document["dataType"] in FILES:
                links = self._subject.links
                url = links.url(f"{links.item(self._subject.name('service'), item)}/download")
                return {**document, "value": {"url": url}}
        return document

    def _find_layer(self, shown: ShownValue) -> str:
        """Return the path of the hosted layer of this site that a value points to, "" if it is none."""
        links = self._subject.links
        hosted = links.url(f"{links.folder(FOLDER)}/")
        is_layer = shown.data_type in (FEATURES, TABLE) and shown.file.startswith(hosted)
        return links.site + shown.file.removeprefix(links.root) if is_layer else ""

    def _find_image(self, shown: ShownValue) -> str:
        """Return the path of the image that a raster of this job is, "" if the value is none."""
        names = self._subject.route.names
        if shown.kind != "raster" or shown.place.side != "output" or "job" not in names:
            return ""
        of_image = {"service": names["service"], "job": names["job"], "parameter": shown.name}
        return LayerLinks(self._subject.links, of_image).service

    def _is_readable(self, url: str) -> bool:
        place = urlsplit(url)
        return f"{place.scheme}://{place.netloc}" in self._readable

    def _find_url(self, name: str, side: Side) -> str:
        links, names = self._subject.links, self._subject.route.names
        return links.value(names, side, name) if "job" in names else ""


def find_map(subject: Subject, shown: Iterable[ShownValue]) -> str:
    """Return the path of the map of a job, "" if it has none: no features or rows, or no job.

    Args:
        subject: The job, or a resource of it.
        shown: Its values.
    """
    is_drawn = any(each.place.side == "output" and each.data_type in (FEATURES, TABLE) for each in shown)
    if "job" not in subject.route.names or not is_drawn:
        return ""
    names = {name: subject.name(name) for name in ("service", "job")}
    return LayerLinks(subject.links, names).service


def _draw(
    subject: Subject, title: str, shown: list[ShownValue], messages: Iterable[tuple[str, str, str]] = ()
) -> Page:
    crumb = subject.links.crumbs(subject.route.names)[-1]
    is_answer = subject.route.resource == "execute"
    values = {
        "shown": shown,
        "messages": list(messages),
        "task_name": subject.name("task"),
        "map_path": find_map(subject, shown),
        "back": crumb.path,
        "back_text": crumb.text,
        "again": _link_to_form(subject),
        "is_answer": is_answer,
        "same_call": repeat_call(subject) if is_answer else None,
    }
    return Page("results.html", title, values, scripts=("results.js",), connections=subject.stores)


def _link_to_form(subject: Subject) -> str:
    """Return the link to the form with the values of a call, "" if they are in no URL."""
    request = subject.request
    if subject.route.resource != "execute" or request.method != "GET":
        return ""
    here = subject.links.own(request)
    return f"{here}&{FORM}=1" if "?" in here else ""
