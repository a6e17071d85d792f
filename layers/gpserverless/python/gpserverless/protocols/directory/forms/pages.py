"""The pages of forms: an empty one, one that a link fills in, and one with mistakes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gpserverless.errors import InvalidParameter, NotFound
from gpserverless.http.credentials import TOKEN
from gpserverless.http.request import Request
from gpserverless.pages.language import FIELD
from gpserverless.pages.texts import Text
from gpserverless.protocols.directory.forms.mistakes import Mistake, tell_error
from gpserverless.protocols.directory.forms.options import find_option
from gpserverless.protocols.directory.forms.parts import Parts
from gpserverless.protocols.directory.forms.read import list_slots, read_values
from gpserverless.protocols.directory.forms.task_form import TaskForm, draw_form
from gpserverless.protocols.directory.forms.typed import write_typed
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.snippets.make import make_snippets

FORM = "form"
"""Field of a link that shows the form with its values, and runs nothing."""

RESOURCES = ("execute", "submitJob")
"""The resources that a form is for."""

_ALWAYS = frozenset({"f", FIELD, TOKEN.lower()})


def make_form(subject: Subject, parts: Parts | None = None, mistakes: Iterable[Mistake] = ()) -> TaskForm:
    """Return the form of the task that a resource belongs to.

    Args:
        subject: The resource.
        parts: The texts that were sent; None for none.
        mistakes: The mistakes in them.

    Raises:
        NotFound: There is no such service or task.
    """
    service = subject.name("service")
    described = subject.descriptions.service(subject.request, service)
    task_url = subject.links.task(service, subject.name("task"))
    form = draw_form(task_url, subject.describe_task(), parts or Parts.of({}), mistakes)
    uploads = f"{subject.links.service(service)}/uploads" if "Uploads" in described["capabilities"] else ""
    return replace(form, uploads_url=uploads)


def prepare_call(subject: Subject) -> Request | Page:
    """Return the request with the values that the parts of a form make, or the page of the form.

    Args:
        subject: The operation.

    Raises:
        NotFound: There is no such service or task.
    """
    request = subject.request
    task = subject.describe_task()
    parts = Parts.of_request(request)
    takes_form = FORM not in {slot.name.lower() for slot in list_slots(task)}
    if _is_empty(request) or (takes_form and request.query.all(FORM)):
        return _draw(subject, make_form(subject, parts), parts)
    values = read_values(task, parts)
    if values.mistakes:
        return _draw(subject, make_form(subject, parts, values.mistakes), parts)
    removed = {name: () for name in values.fields}
    return replace(request, query=request.query.replace(removed), form=request.form.replace(values.fields))


def draw_mistake(subject: Subject, error: Exception) -> Page | None:
    """Return the page of the form with the mistake that a handler has found; None if it is in no field of it.

    Args:
        subject: The operation.
        error: The error.
    """
    if not isinstance(error, InvalidParameter) or error.parameter.lower() in _ALWAYS:
        return None
    try:
        task = subject.describe_task()
    except NotFound:
        return None
    mistake = tell_error(error)
    names = {slot.name.lower(): slot.name for slot in list_slots(task)}
    name = names.get(mistake.name.lower()) or find_option(mistake.name)
    if not name:
        return None
    parts = Parts.of_request(subject.request)
    return _draw(subject, make_form(subject, parts, [replace(mistake, name=name)]), parts)


def _is_empty(request: Request) -> bool:
    return request.method == "GET" and {*request.query.names, *request.form.names} <= _ALWAYS


def _draw(subject: Subject, form: TaskForm, parts: Parts) -> Page:
    title = Text("Execute task") if form.is_sync else Text("Submit job")
    typed = write_typed(form.document, parts)
    snippets = make_snippets(subject.links.url(form.task_url), form.document, typed)
    return Page("run.html", title, {"form": form, "snippets": snippets}, ("form.js",), subject.stores)
