"""A result of a job as a picture: the map of its layer alone, named by the task and the output."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from gpserverless.clock import Clock, SystemClock
from gpserverless.errors import UnknownJob
from gpserverless.http.dispatch import Handlers
from gpserverless.http.picture_store import PictureStore
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.mapserver.export import Exporter
from gpserverless.protocols.mapserver.ports import ResultSource
from gpserverless.protocols.mapserver.read_export import read_result_export

FEATURES = "GPFeatureRecordSetLayer"
"""Data type of the results that maps show."""


@dataclass(frozen=True)
class ResultMaps:
    """Answers the requests for pictures of results.

    Attributes:
        source: Finds the maps of jobs, and the layers of outputs.
        pictures: Keeps pictures.
        clock: The time.
    """

    source: ResultSource
    pictures: PictureStore
    clock: Clock = field(default_factory=SystemClock)

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {"result": self.draw}

    def draw(self, request: Request, service: str, task: str, job: str, parameter: str) -> Response:
        """Return a picture of a result, or the result with the URL of one.

        Args:
            request: The request.
            service: Qualified name of the service.
            task: Name of the task.
            job: Id of the job.
            parameter: Name of the output, in any letter case.

        Raises:
            UnknownJob: There is no such job, or it has no such layer.
            AccessError: The caller may not see it.
            InvalidParameter: An option is wrong.
        """
        shown = self.source.find_job(service, job, request.caller)
        output = self.source.find_output(service, task, parameter, request.caller)
        layers = tuple(layer for layer in shown.feature_layers if output and layer.number == output.number)
        if output is None or not layers:
            raise UnknownJob(f"The job has no result '{parameter}' that is drawn.")
        name, only = output.name, replace(shown, layers=layers)

        def write_result(picture: dict[str, Any]) -> dict[str, Any]:
            return {"paramName": name, "dataType": FEATURES, "value": {"mapImage": picture}}

        asked = read_result_export(request, only, self.clock.now())
        return Exporter(self.source, self.pictures, self.clock).answer(request, only, asked, write_result)
