"""A site with one raster, asked through the dispatcher as the gateway asks it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import orjson
import PIL.Image
import pybase64
from numpy.typing import NDArray
from rasterio.io import MemoryFile

from gpserverless.caller import ANYBODY, Caller
from gpserverless.errors import UnknownJob
from gpserverless.formats.ranges import RangedFile
from gpserverless.http.dispatch import Dispatcher
from gpserverless.protocols.imageserver.handlers import ImageHandlers
from gpserverless.protocols.imageserver.ports import Image
from gpserverless.protocols.imageserver.routes import find_route_of_site

JOB = "j" + "0" * 32
ROOT = "https://example.org/arcgis"
IMAGE = f"/rest/services/Field/Heights/ImageServer/jobs/{JOB}/out_raster"


@dataclass
class ImageSite:
    """A site whose service "Field/Heights" has one job with one raster.

    Attributes:
        path: The raster.
        file: The same as a file elsewhere, None to open it by its path.
        stored: The pictures that were stored.
        expires: When the job expires.
    """

    path: Path
    file: RangedFile | None = None
    stored: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    expires: int | None = None

    def find_image(self, service: str, job: str, parameter: str, caller: Caller, task: str = "") -> Image:
        """Return the raster."""
        if (service, job, parameter) != ("Field/Heights", JOB, "out_raster"):
            raise UnknownJob(f"The job has no result '{parameter}'.")
        return Image("Heights", self.file or self.path, "Metres above the sea.", self.expires)

    def store_picture(self, root: str, body: bytes, content_type: str, ending: str) -> str:
        """Keep a picture."""
        href = f"{root}/rest/directories/arcgisoutput/maps/{len(self.stored):032x}.{ending}"
        self.stored[href] = (body, content_type)
        return href

    def ask(self, path: str, **options: Any) -> dict[str, Any]:
        """Return the gateway's payload for a GET of a path below the site."""
        dispatcher = Dispatcher(
            ROOT, find_route_of_site, lambda request, route: ANYBODY, lambda **ids: nullcontext()
        )
        event = {
            "rawPath": f"/arcgis{path}",
            "rawQueryString": urlencode(options),
            "headers": {},
            "requestContext": {"http": {"method": "GET"}, "domainName": "example.org", "stage": "$default"},
        }
        return dispatcher.answer(event, ImageHandlers(self, self).routes)

    def read(self, resource: str = "", **options: Any) -> Any:
        """Return the JSON of a resource of the image."""
        return orjson.loads(_body(self.ask(f"{IMAGE}{resource}", **{"f": "json", **options})))

    def draw(self, **options: Any) -> tuple[NDArray[Any], str]:
        """Return the bands of a picture with f=image, a GeoTIFF read by GDAL, and its media type."""
        answer = self.ask(f"{IMAGE}/exportImage", **{"f": "image", **options})
        assert not answer["headers"]["content-type"].startswith("application/json"), answer["body"]
        kind: str = answer["headers"]["content-type"]
        if kind == "image/tiff":
            with MemoryFile(_body(answer)) as file, file.open() as picture:
                return picture.read(), kind
        shown = np.asarray(PIL.Image.open(BytesIO(_body(answer))))
        return np.moveaxis(shown, -1, 0), kind

    def fail(self, resource: str, **options: Any) -> str:
        """Return the error of a request for a resource of the image."""
        answer = self.ask(f"{IMAGE}{resource}", **{"f": "image", **options})
        assert answer["statusCode"] == 200
        error = orjson.loads(_body(answer))["error"]
        return f"{error['code']}: {' '.join(error['details'])}"


def _body(answer: dict[str, Any]) -> bytes:
    body: str = answer["body"]
    return pybase64.b64decode(body) if answer["isBase64Encoded"] else body.encode()


def luminance(picture: NDArray[Any]) -> NDArray[np.int64]:
    """Return the first band of a picture as integers."""
    return picture[0].astype(np.int64)
