"""A result of a job as a picture: its raster, named by the task and the output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.http.dispatch import Handlers
from gpserverless.http.picture_store import PictureStore
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.protocols.imageserver.export import ImageExporter
from gpserverless.protocols.imageserver.ports import ImageSource
from gpserverless.protocols.imageserver.raster import open_image
from gpserverless.protocols.imageserver.read_export import read_image_export


@dataclass(frozen=True)
class ResultImages:
    """Answers the requests for pictures of results.

    Attributes:
        source: Finds rasters.
        pictures: Keeps pictures.
    """

    source: ImageSource
    pictures: PictureStore

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
            UnknownJob: There is no such job, it is of another task, or it has no such raster.
            AccessError: The caller may not see it.
            InvalidParameter: An option is wrong.
        """
        image = self.source.find_image(service, job, parameter, request.caller, task)

        def write_result(picture: dict[str, Any]) -> dict[str, Any]:
            return {"paramName": image.parameter, "dataType": image.data_type, "value": {"mapImage": picture}}

        with open_image(image) as opened:
            asked = read_image_export(request, opened, as_map=True)
            return ImageExporter(self.pictures).answer(request, opened, asked, write_result)
