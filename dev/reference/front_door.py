"""The reference for authors of tools, made of the docstrings of the front door."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import gpserverless
from dev.reference.docstrings import write_docstring

HEAD = """\
# Reference for authors of tools

Every name that `import gpserverless` gives, with its methods. An example goes on with the names that the
examples above it in the same section have made. All of them begin with:

```python
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from shapely import LineString, Point, Polygon

from gpserverless import *
```

Made by `make reference` of the docstrings; a test runs every example. The place to begin is [your first
tool](../tutorial/first-tool.md). [Data types](data-types.md) has the annotations of parameters, and [test a
tool](../how-to/test-a-tool.md) has `gpserverless.testing`.
"""

ROOMS: Mapping[str, tuple[str, ...]] = {
    "Tools and services": ("tool", "Service", "Run", "ToolError", "Access", "Role"),
    "Features, tables and fields": ("Table", "FeatureSet", "AttributeField", "SqlExpression"),
    "Units, extents and spatial references": (
        *("LinearUnit", "ArealUnit", "TimeUnit"),
        *("Extent", "SpatialReference"),
    ),
    "Files and rasters": (
        *("DataFile", "Raster"),
        *("read_features", "write_features", "write_layers"),
    ),
    "Markers beside a type": (
        *("Field", "Keywords", "Labels", "Declared", "FieldOf", "Layers", "TimeFields"),
        *("FileTypes", "Category"),
        *("UniqueValues", "GraduatedColors", "GraduatedSymbols", "LayerRenderer", "LabelField"),
    ),
    "Texts": ("HiddenText", "write_count"),
}
"""The names of the front door, by the subject under which they stand."""

FOR_THE_SITE = frozenset(
    {
        *("Access.admits", "Access.shows_to", "Access.to_document", "Access.from_document"),
        *("Service.check_worker", "Service.check_webhook", "Service.check_hosted", "Service.limits"),
        *(f"{name}.{method}" for name in ROOMS["Markers beside a type"] for method in ("apply", "change")),
    }
)
"""Public methods that the site calls, and no author."""

_FIELD = '''\
### Field

`Field(*, title=…, alias=…, description=…, ge=…, gt=…, le=…, lt=…, max_length=…)`

Limits and labels of a parameter, beside its type in `Annotated`; it is pydantic's. [Data
types](data-types.md#markers-beside-the-type) says what each argument does.

```pycon
>>> @tool
... def thin(share: Annotated[float, Field(ge=0, le=100, title="Share in percent")]) -> float:
...     """Return the share.
...
...     Args:
...         share: The share that is kept.
...     """
...     return share
>>> thin.spec.inputs[0].title
'Share in percent'
```'''


def write_front_door() -> str:
    """Return the page."""
    parts = [HEAD.rstrip()]
    for room, names in ROOMS.items():
        parts += [f"## {room}", *(part for name in names for part in _write_name(name))]
    return "\n\n".join(parts) + "\n"


def list_members(name: str) -> dict[str, Any]:
    """Return the methods and properties of a class of the front door that authors use, by name.

    Args:
        name: Name of the front door.
    """
    thing = getattr(gpserverless, name)
    if not inspect.isclass(thing) or issubclass(thing, enum.Enum | Exception):
        return {}
    found: dict[str, Any] = {}
    for owner in reversed(thing.__mro__):
        if owner.__module__.startswith("gpserverless."):
            found |= {key: vars(owner)[key] for key in vars(owner) if _is_member(key, vars(owner)[key])}
    return {key: value for key, value in found.items() if f"{name}.{key}" not in FOR_THE_SITE}


def _is_member(key: str, value: Any) -> bool:
    return key[0] != "_" and isinstance(value, property | classmethod | staticmethod | type(_is_member))


def _write_name(name: str) -> Iterator[str]:
    if name == "Field":
        yield _FIELD
        return
    thing = getattr(gpserverless, name)
    yield f"### {name}"
    if isinstance(thing, enum.EnumMeta):
        yield ", ".join(f"`{name}.{member}`" for member in thing.__members__)
    elif not (inspect.isclass(thing) and issubclass(thing, Exception)):
        yield f"`{_write_signature(name, thing)}`"
    yield from write_docstring(_docstring_of(name, thing))
    own = list_members(name)
    common = list_members("Table") if name == "FeatureSet" else {}
    inherited = [key for key in own if key in common and own[key] is common[key]]
    if inherited:
        yield (
            "It has the columns of a `Table` too, with "
            + ", ".join(f"[`{key}`](#table{key.lower()})" for key in inherited)
            + "."
        )
    for key, member in own.items():
        if key not in inherited:
            yield from _write_member(name, key, member)


def _docstring_of(name: str, thing: Any) -> str | None:
    """Return the docstring of a name; the one of a table has the attributes of all rows."""
    if name != "Table":
        return inspect.getdoc(thing)
    own, rows = inspect.cleandoc(thing.__doc__), inspect.cleandoc(thing.__mro__[1].__doc__)
    first, _, example = own.partition("\n\nExample:")
    return f"{first}\n\n{rows[rows.index('Attributes:') :]}\n\nExample:{example}"


def _write_member(name: str, key: str, member: Any) -> Iterator[str]:
    yield f"#### {name}.{key}"
    if not isinstance(member, property):
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        yield f"`{_write_signature(f'{name}.{key}', function)}`"
    docstring = member.fget.__doc__ if isinstance(member, property) else member.__doc__
    yield from write_docstring(docstring)


def _write_signature(name: str, thing: Any) -> str:
    signature = inspect.signature(thing)
    kept = [each for each in signature.parameters.values() if each.name not in ("self", "cls")]
    written, keyword_only = [], False
    for each in kept:
        if each.kind is each.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            written.append("*")
        stars = "*" if each.kind is each.VAR_POSITIONAL else ""
        text = f"{stars}{each.name}: {each.annotation}"
        written.append(text if each.default is each.empty else f"{text} = {_write_default(each.default)}")
    returned = (
        ""
        if inspect.isclass(thing) or signature.return_annotation is signature.empty
        else (f" -> {signature.return_annotation}")
    )
    return f"{name}({', '.join(written)}){returned}"


def _write_default(value: Any) -> str:
    if isinstance(value, enum.Enum):
        return str(value)
    return repr(value) if isinstance(value, str | int | float | tuple | type(None) | frozenset) else "…"
