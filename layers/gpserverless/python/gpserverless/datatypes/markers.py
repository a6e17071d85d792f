"""Markers that an author may write beside a type, in `Annotated[type, marker]`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gpserverless.datatypes.alternatives import Alternatives, GPComposite
from gpserverless.datatypes.attribute_field import GPField
from gpserverless.datatypes.base import DataType
from gpserverless.datatypes.coordinate_system import GPSpatialReference
from gpserverless.datatypes.extent import GPExtent
from gpserverless.datatypes.features import GPFeatureRecordSetLayer, GPRecordSet, find_published_layer
from gpserverless.datatypes.files import GPDataFile, GPRasterData
from gpserverless.datatypes.multi_value import GPMultiValue
from gpserverless.datatypes.scalars import GPBoolean, GPString
from gpserverless.datatypes.spatial_reference import SpatialReferenceText
from gpserverless.datatypes.sql import GPSQLExpression
from gpserverless.errors import AuthoringError
from gpserverless.features.fields import FIELD_TYPES


class Marker(ABC):
    """A change of the data type of a parameter; of a list, of its elements."""

    def apply(self, data_type: DataType) -> DataType:
        """Return the changed data type.

        Args:
            data_type: The data type of the annotation without the marker.

        Raises:
            AuthoringError: The marker does not fit the type.
        """
        if isinstance(data_type, GPMultiValue):
            return replace(data_type, element=self.apply(data_type.element))
        changed = self.change(data_type)
        if changed is None:
            raise AuthoringError(f"{type(self).__name__} does not belong to {data_type.name}")
        return changed

    @abstractmethod
    def change(self, data_type: DataType) -> DataType | None:
        """Return the changed data type, None if the marker does not fit it.

        Args:
            data_type: The data type of the annotated parameter.
        """


@dataclass(frozen=True)
class Keywords(Marker):
    """The words that a tool of ArcGIS uses for true and for false.

    Args:
        true: Such as "KEEP_ALL".
        false: Such as "ONLY_INTERSECTING".

    Example:
        >>> @tool
        ... def keep(given: Annotated[bool, Keywords("KEEP_ALL", "KEEP_SOME")] = True) -> int:
        ...     '''Count.
        ...
        ...     Args:
        ...         given: Whether all are kept.
        ...     '''
        ...     return 0
        >>> keep.spec.inputs[0].data_type.keywords
        ('KEEP_ALL', 'KEEP_SOME')
    """

    true: str
    false: str

    def change(self, data_type: DataType) -> DataType | None:
        """Return a GPBoolean with the words."""
        if not isinstance(data_type, GPBoolean):
            return None
        return replace(data_type, keywords=(self.true, self.false))


@dataclass(frozen=True, eq=False)
class Labels(Marker):
    """Labels of the choices of a `Literal`: the protocol's coded values of 12.0.

    Args:
        labels: Label by choice; a choice without a label is its own.

    Example:
        >>> @tool
        ... def choose(given: Annotated[Literal["L", "R"], Labels({"L": "Left", "R": "Right"})]) -> int:
        ...     '''Count.
        ...
        ...     Args:
        ...         given: The side.
        ...     '''
        ...     return 0
        >>> choose.spec.inputs[0].data_type.labels
        ('Left', 'Right')
    """

    labels: Mapping[str, str]

    def change(self, data_type: DataType) -> DataType | None:
        """Return a GPString with labels for its choices."""
        if not isinstance(data_type, GPString) or not data_type.choices:
            return None
        unknown = sorted(set(self.labels) - set(data_type.choices))
        if unknown:
            raise AuthoringError(f"Labels names '{unknown[0]}', which is no choice")
        return replace(
            data_type, labels=tuple(self.labels.get(choice, choice) for choice in data_type.choices)
        )


@dataclass(frozen=True)
class Declared(Marker):
    """The data type under which a value is published, where the protocol has several for it.

    Without it, a union and a `SpatialReference` are published as GPString, which every client knows.

    Args:
        name: GPComposite for a union, GPSpatialReference or GPCoordinateSystem for a `SpatialReference`,
            GPEnvelope for an `Extent`, GPRasterData for a `Raster`.

    Example:
        >>> @tool
        ... def locate(given: Annotated[SpatialReference, Declared("GPSpatialReference")]) -> int:
        ...     '''Count.
        ...
        ...     Args:
        ...         given: The spatial reference.
        ...     '''
        ...     return 0
        >>> locate.spec.inputs[0].data_type.name
        'GPSpatialReference'
    """

    name: str

    def change(self, data_type: DataType) -> DataType | None:
        """Return the type of that name."""
        match data_type, self.name:
            case Alternatives(), "GPComposite":
                return GPComposite(data_type.members)
            case SpatialReferenceText(), "GPSpatialReference" | "GPCoordinateSystem":
                return GPSpatialReference(self.name == "GPCoordinateSystem")
            case GPExtent(), "GPExtent" | "GPEnvelope":
                return GPExtent(self.name == "GPEnvelope")
            case GPRasterData(), "GPRasterData" | "GPRasterDataLayer":
                return GPRasterData(self.name == "GPRasterDataLayer")
        raise AuthoringError(f"{data_type.name} cannot be declared as {self.name}")


class FieldOf(Marker):
    """The parameter that an `AttributeField` or a `SqlExpression` is about.

    Args:
        parameter: Name of a parameter with features or a table.
        types: Esri field types that are accepted, such as "esriFieldTypeDouble"; none for any.

    Example:
        >>> @tool
        ... def find_deepest(
        ...     wells: FeatureSet[Point],
        ...     depth: Annotated[AttributeField, FieldOf("wells", "esriFieldTypeDouble")],
        ... ) -> float:
        ...     '''Return the greatest depth.
        ...
        ...     Args:
        ...         wells: The wells.
        ...         depth: The field of their depths.
        ...     '''
        ...     return wells.numbers(depth.name).max()
        >>> find_deepest.spec.inputs[1].dependency
        'wells'
    """

    def __init__(self, parameter: str, *types: str) -> None:
        self.parameter = parameter
        self.types = types

    def change(self, data_type: DataType) -> DataType | None:
        """Return the type with the accepted field types."""
        unknown = sorted(set(self.types) - FIELD_TYPES)
        if unknown:
            raise AuthoringError(f"FieldOf names '{unknown[0]}', which is no field type of Esri")
        if isinstance(data_type, GPField):
            return replace(data_type, types=self.types)
        return data_type if isinstance(data_type, GPSQLExpression) and not self.types else None


@dataclass(frozen=True, eq=False)
class Layers(Marker):
    """Layers that are published with the tool: a caller may send the name of one.

    Args:
        layers: By name, the path of a file with an Esri JSON feature set, below the import path:
            {"Cities": "toolboxes/samples/cities.json"}.
        only: Whether callers may send nothing but a name.

    Example:
        >>> from toolboxes.conformance._tasks.echo import PLACES
        >>> layer = Annotated[FeatureSet[Point], Layers({"Places": PLACES})]
        >>> @tool
        ... def count(given: layer) -> int:
        ...     '''Count.
        ...
        ...     Args:
        ...         given: The places.
        ...     '''
        ...     return 0
        >>> count.spec.inputs[0].data_type.describe()
        {'choiceList': ['Places'], 'filter': {'type': 'featureClass', 'list': ['esriGeometryPoint']}}
    """

    layers: Mapping[str, str]
    only: bool = False

    def change(self, data_type: DataType) -> DataType | None:
        """Return the feature type with the layers."""
        if not isinstance(data_type, GPFeatureRecordSetLayer):
            return None
        for path in self.layers.values():
            try:
                find_published_layer(path)
            except FileNotFoundError:
                raise AuthoringError(f"Layers names '{path}', which is not below the import path") from None
        return replace(data_type, layers=tuple(self.layers.items()), only_layers=self.only)


@dataclass(frozen=True)
class TimeFields(Marker):
    """The fields that say when the features or rows of an output are, for queries of its layer with `time`.

    Without it, a layer with exactly one field of dates has the time of that field.

    Args:
        start: Name of the field of dates at which a feature is, or begins.
        end: Name of the field at which it ends; none for features at one instant.

    Example:
        >>> @tool
        ... def find_floods() -> Annotated[FeatureSet[Polygon], TimeFields("BEGAN", "ENDED")]:
        ...     '''Find floods.'''
        ...     raise ToolError("There is none.")
        >>> find_floods.spec.outputs[0].data_type.time_fields
        ('BEGAN', 'ENDED')
    """

    start: str
    end: str = ""

    def change(self, data_type: DataType) -> DataType | None:
        """Return the type of features or rows with the fields."""
        if not isinstance(data_type, GPFeatureRecordSetLayer | GPRecordSet):
            return None
        return replace(data_type, time_fields=(self.start, self.end) if self.end else (self.start,))


class FileTypes(Marker):
    """The accepted kinds of files of a `DataFile`.

    Args:
        extensions: Without a dot, such as "zip".

    Example:
        >>> @tool
        ... def read(given: Annotated[DataFile, FileTypes("csv", "zip")]) -> int:
        ...     '''Count.
        ...
        ...     Args:
        ...         given: The file.
        ...     '''
        ...     return 0
        >>> read.spec.inputs[0].data_type.describe()
        {'filter': {'type': 'file', 'list': ['csv', 'zip']}}
    """

    def __init__(self, *extensions: str) -> None:
        self.extensions = extensions

    def change(self, data_type: DataType) -> DataType | None:
        """Return the file type with the extensions."""
        if not all(extension.isascii() and extension.isalnum() for extension in self.extensions):
            raise AuthoringError("FileTypes takes extensions of letters and digits, without a dot")
        if not isinstance(data_type, GPDataFile):
            return None
        return replace(data_type, extensions=tuple(e.lower() for e in self.extensions))


@dataclass(frozen=True)
class Category:
    """The heading under which clients show a parameter.

    Args:
        name: One line.

    Example:
        >>> @tool
        ... def tune(given: Annotated[float, Category("Advanced")]) -> int:
        ...     '''Count.
        ...
        ...     Args:
        ...         given: How near is near enough.
        ...     '''
        ...     return 0
        >>> tune.spec.inputs[0].category
        'Advanced'
    """

    name: str
