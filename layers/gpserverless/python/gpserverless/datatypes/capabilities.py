"""Capabilities of some data types, each a mixin, and functions that serve every type.

A type inherits the mixins of what it can. Each function calls the type's own method if it has the mixin, and
does the usual thing if not. References have a module of their own: `references`.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

import orjson

from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.errors import InvalidValue
from gpserverless.values.secrets import blank_texts

LIGHT_VALUE = 500_000
"""Characters up to which a value is read when a job is submitted: in a small function without a child."""

MANY_COSTLY = 20
"""Costly values of one list or table that are read in a small function; each may take a tenth of a second."""

_MARK = re.compile(r":(\\?/){2}")
"""What every URL has, slashes in JSON escaped or not."""


class Deferrable(ABC):
    """A large value is read by the worker alone, not when its job is submitted."""

    @abstractmethod
    def check_at_submit(self, raw: JSON, options: LoadOptions) -> Any:
        """Load a value; of a large value check only the outline, and return None.

        Args:
            raw: The raw JSON value.
            options: The options of loading.

        Raises:
            InvalidValue: The value cannot be read as this type.
        """


def check_at_submit(data_type: DataType, raw: JSON, options: LoadOptions) -> Any:
    """Load a value when its job is submitted; return None for one that the worker has to load.

    Args:
        data_type: The data type.
        raw: The raw JSON value.
        options: The options of loading.

    Raises:
        InvalidValue: The value cannot be read as this type.
    """
    if isinstance(data_type, Deferrable):
        return data_type.check_at_submit(raw, options)
    return data_type.load(raw, options)


def is_heavy(raw: JSON) -> bool:
    """Return whether a value is left to the worker: it is long, or has curves, which become many vertices.

    Args:
        raw: The raw JSON value.
    """
    return isinstance(raw, str) and (len(raw) > LIGHT_VALUE or '"curve' in raw)


class Costly:
    """A value takes long for its length, as PROJ looks through its database, or a parser reads SQL."""

    @property
    def is_costly(self) -> bool:
        """Whether this holds with the type's settings."""
        return True


def is_costly(data_type: DataType) -> bool:
    """Return whether many values of a type are left to the worker, and shown as they were sent.

    Args:
        data_type: The data type.
    """
    return isinstance(data_type, Costly) and data_type.is_costly


class Dependent(ABC):
    """A value is about the fields of another parameter's features."""

    @abstractmethod
    def check_against(self, value: Any, source: Any) -> Any:
        """Return a value that fits the features or table of the parameter that it depends on.

        Args:
            value: A loaded value.
            source: The feature set or table of that parameter.

        Raises:
            InvalidValue: They do not go together.
        """


class Streamable(ABC):
    """A large value is written without being in memory as a whole."""

    @abstractmethod
    def write(self, value: Any, options: DumpOptions) -> Iterable[bytes]:
        """Return the JSON text of a value in blocks.

        Args:
            value: The Python value.
            options: The options of the output.

        Raises:
            InvalidValue: A tool returned a value of another type.
        """


def write(data_type: DataType, value: Any, options: DumpOptions) -> Iterable[bytes]:
    """Return the JSON text of a value, in blocks if the type can do so.

    Args:
        data_type: The data type.
        value: The Python value.
        options: The options of the output.

    Raises:
        InvalidValue: A tool returned a value of another type.
    """
    if isinstance(data_type, Streamable):
        return data_type.write(value, options)
    return (orjson.dumps(data_type.dump(value, options)),)


class Inseparable:
    """A comma or semicolon belongs to the value: a text never holds several."""


class Textual:
    """White space alone is a value; for other types it means that none was given."""

    @property
    def is_textual(self) -> bool:
        """Whether this holds with the type's settings."""
        return True


def is_textual(data_type: DataType) -> bool:
    """Return whether white space alone is a value of a type.

    Args:
        data_type: The data type.
    """
    return isinstance(data_type, Textual) and data_type.is_textual


def is_blank(data_type: DataType, raw: JSON) -> bool:
    """Return whether a raw value means that none was given.

    Args:
        data_type: The type of the value.
        raw: Text as the caller sent it, or the JSON value inside an array or object.
    """
    if isinstance(raw, str):
        return raw == "" or (raw.isspace() and not is_textual(data_type))
    return raw is None


class Secret:
    """Values must not be shown, not even in errors."""

    @property
    def is_secret(self) -> bool:
        """Whether this holds with the type's settings."""
        return True


def is_secret(data_type: DataType) -> bool:
    """Return whether values must not be shown, not even in errors.

    Args:
        data_type: The data type.
    """
    return isinstance(data_type, Secret) and data_type.is_secret


class Echoing(ABC):
    """An input is not shown as it would be dumped."""

    @abstractmethod
    def echo(self, raw: JSON) -> JSON:
        """Return an input as the inputs resource shows it.

        Args:
            raw: The raw JSON value.
        """


def echo(data_type: DataType, raw: JSON) -> JSON:
    """Return an input as the inputs resource shows it, without the secrets of the URLs in its texts.

    Args:
        data_type: The data type.
        raw: The raw JSON value.

    Raises:
        InvalidValue: The value cannot be read as this type.
    """
    if isinstance(data_type, Echoing):
        shown = data_type.echo(raw)
    else:
        shown = data_type.dump(data_type.load(raw, LoadOptions()), DumpOptions())
    return shown if isinstance(raw, str) and not _MARK.search(raw) else blank_texts(shown)


class Polymorphic(ABC):
    """A value is declared under the name of its own type, and tagged with it in a list."""

    @abstractmethod
    def result_type(self, value: Any) -> str:
        """Return the name of the type of a Python value; None counts as one of the first type.

        Args:
            value: The Python value, or None.
        """

    @abstractmethod
    def echo_type(self, raw: JSON) -> str:
        """Return the name of the type of an input.

        Args:
            raw: The raw JSON value.
        """

    @abstractmethod
    def dump_element(self, value: Any, options: DumpOptions) -> JSON:
        """Return a value as an element of a list.

        Args:
            value: The Python value.
            options: The options of the output.
        """


def result_type(data_type: DataType, value: Any) -> str:
    """Return the name of the type under which a result is declared.

    Args:
        data_type: The data type.
        value: The Python value, or None.
    """
    return data_type.result_type(value) if isinstance(data_type, Polymorphic) else data_type.name


def echo_type(data_type: DataType, raw: JSON) -> str:
    """Return the name of the type under which an input is shown.

    Args:
        data_type: The data type.
        raw: The raw JSON value.
    """
    return data_type.echo_type(raw) if isinstance(data_type, Polymorphic) else data_type.name


def dump_element(data_type: DataType, value: Any, options: DumpOptions) -> JSON:
    """Return a Python value as an element of a JSON array.

    Args:
        data_type: The data type.
        value: The Python value.
        options: The options of the output.

    Raises:
        InvalidValue: The value is of another type.
    """
    if isinstance(data_type, Polymorphic):
        return data_type.dump_element(value, options)
    return data_type.dump(value, options)


class Recognizing(ABC):
    """The type knows its values more surely or faster than by trying to dump them."""

    @abstractmethod
    def holds(self, value: Any) -> bool:
        """Return whether a Python value is one of this type.

        Args:
            value: The Python value.
        """


def holds(data_type: DataType, value: Any) -> bool:
    """Return whether a Python value is one of a type.

    Args:
        data_type: The data type.
        value: The Python value.
    """
    if isinstance(data_type, Recognizing):
        return data_type.holds(value)
    try:
        data_type.dump(value, DumpOptions())
    except InvalidValue:
        return False
    return True
