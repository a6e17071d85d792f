"""Names that every client can live with.

The ArcGIS API for Python turns tasks into Python functions and parameters into their arguments, by writing
source text and executing it; one name or text that does not survive this makes a whole service unusable
there. So such names are refused when a toolbox is imported, not when a user trips.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from gpserverless.errors import AuthoringError

RESERVED = frozenset(
    {"f", "token", "callback", "context", "returnz", "returnm", "env:outsr", "env:processsr"}
)
"""Request parameters of the protocol itself, in lower case."""

TAKEN = frozenset({"gis", "future", "estimate"})
"""Arguments that the ArcGIS API for Python adds to every function."""

_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SEGMENT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def camel_case(name: str) -> str:
    """Return the name on the wire of a Python function or a folder: buffer_points is BufferPoints."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def title(name: str) -> str:
    """Return a label for a name: "out_feature_class" is "Out Feature Class"."""
    words = " ".join(name.split("_")) if "_" in name else _HUMP.sub(" ", name)
    return " ".join(word[:1].upper() + word[1:] for word in words.split())


def check_segment(name: str, what: str) -> None:
    """Return if a name can stand in a URL and be a Python function.

    Raises:
        AuthoringError: It cannot.
    """
    if not _SEGMENT.fullmatch(name) or keyword.iskeyword(name):
        raise AuthoringError(
            f"{what} '{name}': use letters, digits and underscores, a letter first, no Python keyword"
        )


def check_task(name: str) -> None:
    """Return if a name can be that of a task.

    Raises:
        AuthoringError: It cannot.
    """
    check_segment(name, "task")
    if name.lower() in ("info", "uploads"):
        raise AuthoringError(f"task '{name}': every service has a resource of this name; choose another")


def check_parameters(names: Iterable[str]) -> None:
    """Return if every parameter name can be an argument in every client.

    Raises:
        AuthoringError: One cannot, or two are the same to a client.
    """
    seen: dict[str, str] = {}
    for name in names:
        if not _PARAMETER.fullmatch(name) or keyword.iskeyword(name.lower()):
            raise AuthoringError(
                f"parameter '{name}': use letters, digits and underscores, no Python keyword"
            )
        if name.lower() in TAKEN | RESERVED:
            raise AuthoringError(
                f"parameter '{name}': clients and the protocol use this name; choose another"
            )
        folded = _HUMP.sub("_", name).lower().replace("_", "")
        if folded in seen:
            raise AuthoringError(
                f"parameters '{seen[folded]}' and '{name}' are one name to some clients; rename one"
            )
        seen[folded] = name


def check_text(text: str, what: str) -> None:
    r"""Return if a label or description survives being pasted into Python source.

    Raises:
        AuthoringError: It holds a backslash or three quotation marks.
    """
    if "\\" in text or '"""' in text:
        raise AuthoringError(
            f"{what}: leave out backslashes and triple quotation marks, some clients break on them"
        )


def check_title(text: str, what: str) -> None:
    """Return if a label is one line without double quotation marks.

    Raises:
        AuthoringError: It is not.
    """
    if '"' in text or "\n" in text or "\\" in text:
        raise AuthoringError(f"{what}: a title is one line without double quotation marks and backslashes")


def check_default(default: object, what: str) -> None:
    r"""Return if a default value survives being pasted into Python source.

    Raises:
        AuthoringError: It is a text that ends in a double quotation mark or holds a backslash.
    """
    if isinstance(default, str) and (default.endswith('"') or "\\" in default):
        raise AuthoringError(f"{what}: a default text must not end in a quotation mark nor hold a backslash")
