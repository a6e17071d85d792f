"""The page of a task, and the page of its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.drawers.parameters import ShownParameter
from gpserverless.protocols.directory.labels import EXECUTION_TYPES
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.snippets.make import make_snippets

SYNCHRONOUS = "esriExecutionTypeSynchronous"
OPERATIONS: Mapping[bool, str] = {True: "execute", False: "submitJob"}
"""The operation of a task by whether it is synchronous."""


@dataclass(frozen=True)
class ShownTask:
    """A task as its pages show it.

    Attributes:
        document: Its document.
        url: Its URL.
        path: Path of its page.
        is_synchronous: Whether a caller waits for it.
        execution: Label of its execution type.
        inputs: Its inputs.
        outputs: Its outputs.
    """

    document: Mapping[str, Any]
    url: str
    path: str
    is_synchronous: bool
    execution: str
    inputs: tuple[ShownParameter, ...]
    outputs: tuple[ShownParameter, ...]

    @classmethod
    def of(cls, subject: Subject, document: Mapping[str, Any]) -> ShownTask:
        """Return a task as its pages show it.

        Args:
            subject: The task, or a resource of it.
            document: Document of the task.
        """
        parameters = [ShownParameter.of(each) for each in document["parameters"]]
        path = subject.links.task(subject.name("service"), document["name"])
        return cls(
            document,
            subject.links.url(path),
            path,
            document["executionType"] == SYNCHRONOUS,
            EXECUTION_TYPES[document["executionType"]],
            tuple(each for each in parameters if each.is_input),
            tuple(each for each in parameters if not each.is_input),
        )

    @property
    def operation(self) -> str:
        """The operation that runs it."""
        return OPERATIONS[self.is_synchronous]


def draw_task(subject: Subject, document: Any) -> Page:
    """Return the page of a task.

    Args:
        subject: The resource.
        document: Its document.
    """
    return _draw(subject, document, document["displayName"], is_form=False)


def draw_form(subject: Subject, document: Any) -> Page:
    """Return the page with the form of a task alone.

    Args:
        subject: The operation.
        document: Document of the task.
    """
    is_synchronous = document["executionType"] == SYNCHRONOUS
    title = Text("Execute task") if is_synchronous else Text("Submit job")
    return _draw(subject, document, title, is_form=True)


def _draw(subject: Subject, document: Any, title: str, *, is_form: bool) -> Page:
    task = ShownTask.of(subject, document)
    values = {"task": task, "is_form": is_form, "snippets": make_snippets(task.url, document)}
    return Page("task.html", title, values, scripts=("form.js",), connections=subject.stores)
