"""Pictures of results, drawn by the functions that carry the libraries for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, Self

from gpserverless.app.snapstart import load_before_snapshot
from gpserverless.app.stores import open_remote_function
from gpserverless.http.response import Response
from gpserverless.protocols.gpserver.result_pictures import RASTERS

Forward = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Hands an event of the gateway to another function, and returns the payload of its answer."""


@dataclass(frozen=True)
class ResultPictures:
    """Hands requests for pictures of results to who draws them.

    The event goes on as it came, so the other function lets the caller in for itself.

    Attributes:
        features: The function that draws features.
        rasters: The function that draws rasters.
    """

    features: Forward
    rasters: Forward

    @classmethod
    def open(cls, features: str, rasters: str) -> Self:
        """Return what hands requests to functions; their client is opened with the first one.

        Args:
            features: Name of the function that draws features.
            rasters: Name of the function that draws rasters.
        """
        open_features = cache(partial(open_remote_function, features))
        open_rasters = cache(partial(open_remote_function, rasters))
        load_before_snapshot(open_features, open_rasters)
        return cls(lambda event: open_features().answer(event), lambda event: open_rasters().answer(event))

    def draw(self, event: Mapping[str, Any], data_type: str) -> Response:
        """Return the answer to a request for a picture of a result.

        Args:
            event: The gateway's event.
            data_type: Data type of the result.

        Raises:
            StorageError: The function that draws failed, or cannot be reached.
        """
        forward = self.rasters if data_type in RASTERS else self.features
        return Response.from_payload(forward(event))
