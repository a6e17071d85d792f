"""Results that are answered as pictures: those of features and rasters, when a request asks for one."""

from __future__ import annotations

from collections.abc import Callable

from gpserverless.http.answer_format import IMAGE, refuse_content
from gpserverless.http.request import Request
from gpserverless.http.response import Response
from gpserverless.outputs.rewrite import FEATURES

RASTERS = ("GPRasterData", "GPRasterDataLayer")
"""Data types of the outputs that are rasters."""

DrawResult = Callable[[str], Response]
"""Takes the data type of a result; returns the answer of who draws results of that type."""


def wants_picture(request: Request, data_type: str) -> bool:
    """Return whether a request for a result wants a picture of it.

    The data are the answer unless the request has an option that only a picture has: most clients never say
    that they want data.

    Args:
        request: The request.
        data_type: Data type of the result.

    Raises:
        UnsupportedFormat: It wants the bytes of a picture of a result that has none.
    """
    is_shown = data_type in (FEATURES, *RASTERS)
    if request.answer_format.name == IMAGE:
        if not is_shown:
            raise refuse_content(IMAGE)
        return True
    if request.is_page or not is_shown or request.answer_format.name not in ("json", "pjson"):
        return False
    wants_data = request.get("returnType").strip().lower() == "data"
    return not wants_data and any(request.get(name).strip() for name in ("bbox", "size"))
