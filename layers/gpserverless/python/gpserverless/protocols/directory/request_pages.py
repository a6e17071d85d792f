"""The pages of the forms of result services, before anything is asked and after a mistake."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gpserverless.errors import AccessError, NotFound, RequestError
from gpserverless.protocols.directory.drawers.image_requests import OPERATIONS as OF_IMAGES
from gpserverless.protocols.directory.drawers.layer_query import draw_query_form, draw_service_query_form
from gpserverless.protocols.directory.drawers.map_requests import OPERATIONS as OF_MAPS
from gpserverless.protocols.directory.page import Page, Subject
from gpserverless.protocols.directory.request_form import is_blank

_DRAWERS: Mapping[str, Callable[[Subject, Exception | None], Page]] = {
    "layerQuery": draw_query_form,
    "mapLayerQuery": draw_query_form,
    "serviceQuery": draw_service_query_form,
    **{resource: asked.draw_form for resource, asked in {**OF_MAPS, **OF_IMAGES}.items()},
}


def draw_blank_form(subject: Subject) -> Page | None:
    """Return the page of a form that nobody has filled in; None unless the request asks for it.

    Args:
        subject: The operation.

    Raises:
        RequestError: There is no such layer or map.
    """
    draw = _DRAWERS.get(subject.route.resource)
    return draw(subject, None) if draw and is_blank(subject.request) else None


def draw_mistaken_form(subject: Subject, error: Exception) -> Page | None:
    """Return the page of a form with a mistake; None if the error is about no field of a form.

    Args:
        subject: The operation.
        error: The error.
    """
    draw = _DRAWERS.get(subject.route.resource)
    is_mistake = isinstance(error, RequestError) and not isinstance(error, AccessError | NotFound)
    if draw is None or not is_mistake or is_blank(subject.request):
        return None
    return draw(subject, error)
