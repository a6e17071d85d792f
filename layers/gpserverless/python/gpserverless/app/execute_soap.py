"""Execute over SOAP, which the function that speaks SOAP hands over as it came from the gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from gpserverless.app.callers import Callers
from gpserverless.app.soap_parts import UploadSettings, make_soap_dispatcher, make_upload_keeper
from gpserverless.calls.execute import Executor
from gpserverless.calls.request_deadline import RequestDeadline
from gpserverless.protocols.soap.operations.execute import ExecuteOperation
from gpserverless.toolkit.catalogue import Catalogue

AnswerSoap = Callable[[Mapping[str, Any], RequestDeadline], dict[str, Any]]
"""Takes an event of the gateway and the time of its answer; returns the gateway's payload."""


class SoapExecuteSettings(UploadSettings, Protocol):
    """The settings about calls over SOAP."""

    @property
    def public_url(self) -> str:
        """Configured public URL of the site, or ""."""


def make_answer_soap(
    settings: SoapExecuteSettings, catalogue: Catalogue, callers: Callers, executor: Executor
) -> AnswerSoap:
    """Return what answers Execute.

    Args:
        settings: The settings of the function.
        catalogue: The services whose tools it has.
        callers: Its callers.
        executor: Runs the calls.
    """
    dispatcher = make_soap_dispatcher(settings.public_url, catalogue, callers.identify)
    operation = ExecuteOperation(catalogue, executor, make_upload_keeper(settings, catalogue, callers).find)

    def answer(event: Mapping[str, Any], deadline: RequestDeadline) -> dict[str, Any]:
        return dispatcher.answer(event, {"Execute": partial(operation.execute, deadline=deadline)})

    return answer
