"""The routes of images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gpserverless.http.dispatch import Handlers
from gpserverless.http.picture_store import PictureStore
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.http.write import write
from gpserverless.protocols.imageserver.documents import FUNCTIONS, describe_image, describe_statistics
from gpserverless.protocols.imageserver.export import ImageExporter
from gpserverless.protocols.imageserver.identify import identify
from gpserverless.protocols.imageserver.ports import ImageSource
from gpserverless.protocols.imageserver.raster import OpenImage, open_image


@dataclass(frozen=True)
class ImageHandlers:
    """Handlers of images.

    Attributes:
        source: Finds rasters.
        pictures: Keeps pictures.
    """

    source: ImageSource
    pictures: PictureStore

    @property
    def routes(self) -> Handlers:
        """The handlers by the key of their route."""
        return {
            "image": self._on_image(
                lambda request, opened: write(describe_image(opened), request.answer_format)
            ),
            "imageExport": self._on_image(ImageExporter(self.pictures).export),
            "imageIdentify": self._on_image(identify),
            "imageFunctions": self._on_image(
                lambda request, opened: write(dict(FUNCTIONS), request.answer_format)
            ),
            "imageProperties": self._on_image(lambda request, opened: write({}, request.answer_format)),
            "imageStatistics": self._on_image(
                lambda request, opened: write(describe_statistics(opened), request.answer_format)
            ),
        }

    def _on_image(self, answer: Callable[[Request, OpenImage], Response]) -> Callable[..., Response]:
        def handle(request: Request, service: str, job: str, parameter: str) -> Response:
            image = self.source.find_image(service, job, parameter, request.caller)
            with open_image(image) as opened:
                return answer(request, opened)

        return handle
