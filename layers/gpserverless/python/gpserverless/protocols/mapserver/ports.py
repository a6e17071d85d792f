"""What the protocol of maps needs of others: maps, their layers, and a store of pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from gpserverless.caller import Caller
from gpserverless.errors import NotFound
from gpserverless.featurelayers.layer_file import LayerFile
from gpserverless.featurelayers.manifest import LayerManifest
from gpserverless.geometry.geometry_types import MULTIPOINT, POINT, POLYGON, POLYLINE
from gpserverless.values.spatial_reference import SpatialReference

_DRAWN = (POINT, MULTIPOINT, POLYLINE, POLYGON)


@dataclass(frozen=True)
class MapLayer:
    """A layer of a map, without its rows.

    Attributes:
        number: Its number, from 0; the same in the map of a service and in those of its jobs.
        manifest: Its description.
        key: Its place for who opens it; "" for one without rows.
        modified: When its rows were written, in milliseconds since 1970-01-01 UTC.
    """

    number: int
    manifest: LayerManifest
    key: str = ""
    modified: int = 0

    @property
    def reference(self) -> SpatialReference | None:
        """Its spatial reference, None if it is not known."""
        return SpatialReference.from_optional_json(self.manifest.spatial_reference)


@dataclass(frozen=True)
class Map:
    """A map.

    Attributes:
        name: Name of the service.
        layers: Its layers and tables by ascending number.
        description: Text for people.
        copyright: Text for people.
        expires: When its job expires, in milliseconds since 1970-01-01 UTC; None for the map of a service.
    """

    name: str
    layers: tuple[MapLayer, ...]
    description: str = ""
    copyright: str = ""
    expires: int | None = None

    @property
    def feature_layers(self) -> tuple[MapLayer, ...]:
        """The layers that have shapes, as they are drawn: the topmost first.

        Areas would hide the points and lines below them, whichever output of the tool is the first. The map
        of a service, of which nothing is drawn, has the order of the numbers.
        """
        shaped = [layer for layer in self.layers if not layer.manifest.is_table]
        if any(layer.key for layer in shaped):
            shaped.sort(key=lambda layer: _DRAWN.index(layer.manifest.geometry_type))
        return tuple(shaped)

    def find_layer(self, number: str) -> MapLayer:
        """Return a layer or table.

        Args:
            number: Its number.

        Raises:
            NotFound: There is no such layer.
        """
        found = next((layer for layer in self.layers if layer.number == int(number)), None)
        if found is None:
            known = ", ".join(str(layer.number) for layer in self.layers)
            raise NotFound(f"There is no layer {int(number)}; there are {known or 'none'}.")
        return found


class MapSource(Protocol):
    """Finds maps, and opens the files of their layers."""

    def find_service(self, service: str, caller: Caller) -> Map:
        """Return the map of a service, of which the layers have no rows.

        Args:
            service: Qualified name of the service.
            caller: The caller.

        Raises:
            NotFound: There is no such service, or it makes no maps.
            AccessError: The caller may not see it.
        """

    def find_job(self, service: str, job: str, caller: Caller) -> Map:
        """Return the map of a job.

        Args:
            service: Qualified name of the service.
            job: Id of the job.
            caller: The caller.

        Raises:
            NotFound: There is no such service.
            UnknownJob: The service has no such job, or it has not succeeded.
            AccessError: The caller may not see it.
        """

    def open_layer(self, layer: MapLayer) -> AbstractContextManager[LayerFile]:
        """Open a layer that has rows for one request; its deadline ends what takes too long.

        Args:
            layer: The layer.

        Raises:
            TooLarge: There is no room for its file.
            StorageError: The store cannot be reached.
        """


class MapOutput(NamedTuple):
    """An output of a task that is a layer of the maps of its jobs.

    Attributes:
        name: Its name, as the task has it.
        number: Number of the layer.
    """

    name: str
    number: int


class ResultSource(MapSource, Protocol):
    """Finds maps, and the layers of single outputs."""

    def find_output(self, service: str, task: str, parameter: str, caller: Caller) -> MapOutput | None:
        """Return an output that is a layer; None if there is no such one.

        Args:
            service: Qualified name of the service, which the caller may see.
            task: Name of the task.
            parameter: Name of the output, in any letter case.
            caller: The caller.
        """


DescribeLayer = Callable[[Map, MapLayer], Mapping[str, Any]]
"""Returns the document of a layer or a table as a feature service has it, with displayField and fields."""
