"""The page of a task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpserverless.protocols.directory.drawers.parameters import ShownParameter
from gpserverless.protocols.directory.forms.pages import make_form
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
    """Return the page of a task, with its form.

    Args:
        subject: The resource.
        document: Its document.
    """
    task = ShownTask.of(subject, document)
    values = {"task": task, "form": make_form(subject), "snippets": make_snippets(task.url, document)}
    return Page("task.html", document["displayName"], values, ("form.js",), subject.stores)
