"""The interface of all data types."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from gpserverless.errors import InvalidValue
from gpserverless.formats.limits import FeatureLimits

JSON = Any
"""What JSON can hold: None, bool, int, float, str, list, dict."""


@dataclass(frozen=True)
class LoadOptions:
    """Options of loading the inputs of one call."""

    #: Spatial reference (Esri JSON) into which features are projected, or None.
    process_sr: Mapping[str, Any] | None = None
    #: Envelope (Esri JSON); features that do not meet it are dropped, or None.
    extent: Mapping[str, Any] | None = None
    #: How much one input may hold.
    limits: FeatureLimits = field(default_factory=FeatureLimits)
    #: Takes a warning for the caller about how a value was read.
    warn: Callable[[str], None] | None = None
    #: The time of CURRENT_TIMESTAMP in SQL, in milliseconds since 1970-01-01 UTC; None if none is known.
    now: int | None = None


@dataclass(frozen=True)
class DumpOptions:
    """Options of dumping the outputs of one call."""

    #: Spatial reference (Esri JSON) of feature outputs, or None for their own.
    out_sr: Mapping[str, Any] | None = None
    #: Whether Z ordinates are written.
    return_z: bool = False
    #: Whether M ordinates are written.
    return_m: bool = False
    #: Most features or rows that one output may hold.
    max_records: int = 1000
    #: Takes the path of a file that a tool made, keeps the file, and returns its URL.
    keep_file: Callable[[Path], str] | None = None
    #: Whether features are written as layer objects.
    as_collection: bool = False
    #: Whether rows of value tables are written as objects by column name.
    column_names: bool = False
    #: Label of the parameter, as the name of a layer object.
    title: str = ""
    #: Takes a warning for the caller about how a value was written.
    warn: Callable[[str], None] | None = None
    #: Decimals of x and y, or None for those of the resolution of their spatial reference.
    geometry_precision: int | None = None


class DataType(ABC):
    """One GP data type, with the settings that one parameter gives it.

    A subclass sets `name` and `accepted`: class attributes, or properties if they depend on the settings. It
    writes `load` and `dump`, and `describe` if the parameter's description has a choice list or a filter.
    Mixins for what only some types can do are in `capabilities` and `references`.

    Subclasses are frozen dataclasses whose fields are JSON values or other data types, so that the
    catalogue can be written to a file and read by functions that never import a tool.
    """

    annotation: ClassVar[type | None] = None
    """The Python class whose annotation stands for this type; None if there is no such class."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The type's name on the wire, such as "GPLinearUnit" or "GPMultiValue:GPString"."""

    @property
    @abstractmethod
    def accepted(self) -> str:
        """The forms that `load` accepts, as a phrase for error messages."""

    @property
    def empty(self) -> JSON:
        """The wire value of an output that the tool did not set, and of an input's missing default."""
        return None

    @abstractmethod
    def load(self, raw: JSON, options: LoadOptions) -> Any:
        """Read a value.

        Args:
            raw: Text as the caller sent it, or the JSON value inside an array or object.
            options: Options of all inputs of the call.

        Raises:
            InvalidValue: The value cannot be read as this type.
        """

    @abstractmethod
    def dump(self, value: Any, options: DumpOptions) -> JSON:
        """Return a Python value as JSON, or an `orjson.Fragment` of it; None stays None where it may.

        Args:
            value: A value of this type, or None.
            options: Options of all outputs of the call.

        Raises:
            InvalidValue: A tool returned a value of another type.
        """

    def describe(self) -> dict[str, JSON]:
        """Return the type's members of the parameter's description: choiceList, filter, parameterInfos."""
        return {}

    def fail(self, problem: str) -> NoReturn:
        """Refuse a value.

        Args:
            problem: The problem as a clause: "'x' is not a number".

        Raises:
            InvalidValue: Always, with the accepted forms.
        """
        raise InvalidValue(problem, self.accepted)
