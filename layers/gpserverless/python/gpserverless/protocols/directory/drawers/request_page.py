"""The page of an operation on a map or a raster: its form, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.layer_links import LayerLinks
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.request_form import (
    FieldGroup,
    RequestForm,
    make_form,
    read_value,
)


@dataclass(frozen=True)
class Operation:
    """An operation as its page shows it.

    Attributes:
        name: Its name in the URL.
        title: The title of the page.
        button: The word on the button.
        groups: The fields of the form.
        template: The template of the page.
        find_start: Finds the values of a form that has none yet, by the names of their fields.
    """

    name: str
    title: Text
    button: Text
    groups: Sequence[FieldGroup]
    template: str
    find_start: Callable[[Subject], Mapping[str, str]]

    def draw_form(self, subject: Subject, error: Exception | None = None) -> Page:
        """Return the page without an answer.

        Args:
            subject: The operation, as it was asked for.
            error: The error of the values; None for a form without values.

        Raises:
            RequestError: There is no such map or raster.
        """
        start = self.find_start(subject) if error is None else {}
        return self._draw(subject, self._make_form(subject, start, error), {})

    def draw_answer(self, subject: Subject, answer: Mapping[str, Any], *scripts: str) -> Page:
        """Return the page with an answer.

        Args:
            subject: The operation, as it was asked for.
            answer: The answer, as the template shows it.
            scripts: Names of the scripts that show it.
        """
        return self._draw(subject, self._make_form(subject, {}), answer, *scripts)

    def _make_form(
        self, subject: Subject, start: Mapping[str, str], error: Exception | None = None
    ) -> RequestForm:
        action = f"{LayerLinks(subject.links, subject.route.names).service}/{self.name}"
        return make_form(
            action, self.groups, lambda name: start.get(name) or read_value(subject.request, name), error
        )

    def _draw(self, subject: Subject, form: RequestForm, answer: Mapping[str, Any], *scripts: str) -> Page:
        values = {"form": form, "answer": answer, "button": self.button}
        return Page(self.template, self.title, values, scripts, subject.stores)
