"""The interface of all data types."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from gpserverless.errors import InvalidValue

if TYPE_CHECKING:
    from gpserverless.datatypes.references import Fetch

JSON = Any
"""What JSON can hold: None, bool, int, float, str, list, dict."""


@dataclass(frozen=True)
class LoadOptions:
    """What is asked of every input of one call.

    Attributes:
        process_sr: Spatial reference (Esri JSON) into which features are projected, or None.
        extent: Envelope (Esri JSON); features that do not meet it are dropped, or None.
        max_features: Most features that one input may hold.
        max_vertices: Most vertices that one input may hold.
        warn: Takes what the caller should know about how a value was read.
    """

    process_sr: Mapping[str, Any] | None = None
    extent: Mapping[str, Any] | None = None
    max_features: int = 100_000
    max_vertices: int = 1_000_000
    warn: Callable[[str], None] | None = None


@dataclass(frozen=True)
class DumpOptions:
    """What is asked of every output of one call.

    Attributes:
        out_sr: Spatial reference (Esri JSON) of feature outputs, or None for the one they have.
        return_z: Whether Z ordinates are written.
        return_m: Whether M ordinates are written.
        max_records: Most features or rows that an output may hold.
        keep_file: Takes the path of a file that a tool made, keeps it, and returns its URL.
        as_collection: Whether features are written as layer objects.
        column_names: Whether rows of value tables are written as objects by column name.
        title: Label of the parameter, as the name of a layer object.
    """

    out_sr: Mapping[str, Any] | None = None
    return_z: bool = False
    return_m: bool = False
    max_records: int = 1000
    keep_file: Callable[[Path], str] | None = None
    as_collection: bool = False
    column_names: bool = False
    title: str = ""


LIGHT_VALUE = 500_000
"""Characters up to which a value is read where jobs are taken in: in a small function without a child."""


class DataType(ABC):
    """One GP data type, with the settings that one parameter gives it.

    Subclasses are frozen dataclasses whose fields are JSON values or other data types, so that the
    catalogue can be written to a file and read by functions that never import a tool.
    """

    @property
    @abstractmethod
    def name(self) -> str:
        """The type's name on the wire, such as "GPLinearUnit" or "GPMultiValue:GPString"."""

    @property
    @abstractmethod
    def accepted(self) -> str:
        """What `load` accepts, as a phrase for error messages."""

    @abstractmethod
    def load(self, raw: JSON, reading: LoadOptions) -> Any:
        """Read a value.

        Args:
            raw: Text as the caller sent it, or the JSON value inside an array or object.
            reading: What is asked of every input.

        Raises:
            InvalidValue: The value cannot be read as this type.
        """

    def check(self, raw: JSON, reading: LoadOptions) -> Any:
        """Return what `load` does, or None for a value that is too large to be read where jobs are taken in.

        Such a value is only looked at; the worker reads it, and fails the job if it is wrong.

        Raises:
            InvalidValue: The value cannot be read as this type, as far as was looked.
        """
        return self.load(raw, reading)

    @abstractmethod
    def dump(self, value: Any, writing: DumpOptions) -> JSON:
        """Return a Python value as JSON, or an `orjson.Fragment` of it; None stays None where it may.

        Raises:
            InvalidValue: A tool returned something that is not of this type.
        """

    def write(self, value: Any, writing: DumpOptions) -> Iterable[bytes]:
        """Return what `dump` returns as JSON text, in blocks: a large value is never in memory as a whole.

        Raises:
            InvalidValue: A tool returned something that is not of this type.
        """
        return (orjson.dumps(self.dump(value, writing)),)

    @property
    def may_be_reference(self) -> bool:
        """Whether a value may lie elsewhere, so that `fetch_references` has to look for references."""
        return False

    def fetch_references(self, raw: JSON, fetch: Fetch) -> JSON:
        """Return a value with every reference in it replaced by what `fetch` returns for it.

        Args:
            raw: Text as the caller sent it, or the JSON value inside an array or object.
            fetch: Takes a reference.

        Raises:
            InvalidValue: A reference is malformed.
        """
        return raw

    @property
    def is_secret(self) -> bool:
        """Whether values must not be shown, not even in errors."""
        return False

    @property
    def is_separable(self) -> bool:
        """Whether several values may come as one text, with commas or semicolons between them."""
        return True

    def holds(self, value: Any) -> bool:
        """Return whether a Python value is one of this type."""
        try:
            self.dump(value, DumpOptions())
        except InvalidValue:
            return False
        return True

    def check_against(self, value: Any, source: Any) -> Any:
        """Return a value that was checked against the features of the parameter that it depends on.

        Args:
            value: What `load` returned.
            source: The feature set or table of that parameter.

        Raises:
            InvalidValue: They do not go together.
        """
        return value

    def written_as(self, value: Any) -> str:
        """Return the name of the type under which a result is declared."""
        return self.name

    def dump_element(self, value: Any, writing: DumpOptions) -> JSON:
        """Return what `dump` returns, as an element of a list."""
        return self.dump(value, writing)

    def describe(self) -> dict[str, JSON]:
        """Return the members of the parameter's description that the type gives: choiceList, filter."""
        return {}

    def echo(self, raw: JSON) -> JSON:
        """Return an input as the inputs resource shows it."""
        return self.dump(self.load(raw, LoadOptions()), DumpOptions())

    def echo_type(self, raw: JSON) -> str:
        """Return the name of the type under which an input is shown."""
        return self.name

    @property
    def empty(self) -> JSON:
        """The wire value of an output that the tool did not set, and of an input's missing default."""
        return None
