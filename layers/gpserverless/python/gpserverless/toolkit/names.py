"""Names and texts that every client can use.

The ArcGIS API for Python turns tasks into Python functions and parameters into their arguments. It writes
source text and executes it. One name or text that breaks this source makes a whole service unusable there,
so such names are refused when a toolbox is imported.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable

from gpserverless.errors import AuthoringError

RESERVED = frozenset(
    {
        *("f", "token", "callback", "context", "returnz", "returnm", "env:outsr", "env:processsr"),
        "esri_out_feature_service_name",
    }
)
"""Request parameters of the protocol itself, in lower case."""

CLIENT_ARGUMENTS = frozenset({"gis", "future", "estimate"})
"""Arguments that the ArcGIS API for Python adds to every function."""

_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SEGMENT = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def camel_case(name: str) -> str:
    """Return the wire name of a Python function or a folder: "buffer_points" is "BufferPoints".

    Args:
        name: A name in snake_case.
    """
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def make_title(name: str) -> str:
    """Return a label for a name on the wire: "out_feature_class" is "Out Feature Class".

    Args:
        name: A name in snake_case.
    """
    words = " ".join(name.split("_")) if "_" in name else _HUMP.sub(" ", name)
    return " ".join(word[:1].upper() + word[1:] for word in words.split())


def fold_name(name: str) -> str:
    """Return the form that all spellings of a name have in common.

    "z_factor", "ZFactor" and "zfactor" are one name.

    Args:
        name: A name on the wire.
    """
    return name.lower().replace("_", "")


def check_segment(name: str, noun: str) -> None:
    """Check that a name can be a segment of a URL and a Python function.

    Args:
        name: A name on the wire.
        noun: The named thing, for the error: "service".

    Raises:
        AuthoringError: It cannot.
    """
    if not _SEGMENT.fullmatch(name) or keyword.iskeyword(name):
        raise AuthoringError(
            f"{noun} '{name}': use letters, digits and underscores, a letter first, no Python keyword"
        )


def check_task(name: str) -> None:
    """Check that a name can be that of a task.

    Args:
        name: Name of the task.

    Raises:
        AuthoringError: It cannot.
    """
    check_segment(name, "task")
    if name.lower() in ("info", "uploads"):
        raise AuthoringError(f"task '{name}': every service has a resource of this name; choose another")


def check_parameters(names: Iterable[str]) -> None:
    """Check that every parameter name can be an argument in every client.

    Args:
        names: Names of all parameters of a task.

    Raises:
        AuthoringError: One cannot, or two are the same to a client.
    """
    seen: dict[str, str] = {}
    for name in names:
        if not _PARAMETER.fullmatch(name) or keyword.iskeyword(name.lower()):
            raise AuthoringError(
                f"parameter '{name}': use letters, digits and underscores, no Python keyword"
            )
        if fold_name(name) in CLIENT_ARGUMENTS | RESERVED:
            raise AuthoringError(
                f"parameter '{name}': clients and the protocol use this name; choose another"
            )
        folded = fold_name(name)
        if folded in seen:
            raise AuthoringError(
                f"parameters '{seen[folded]}' and '{name}' are one name to some clients; rename one"
            )
        seen[folded] = name


def check_text(text: str, noun: str) -> None:
    r"""Check that a label or description can be pasted into Python source.

    Args:
        text: The label or description.
        noun: The noun for the text, for the error: "the docstring".

    Raises:
        AuthoringError: It holds a backslash or three quotation marks.
    """
    if "\\" in text or '"""' in text:
        raise AuthoringError(
            f"{noun}: leave out backslashes and triple quotation marks, some clients break on them"
        )


def check_title(text: str, noun: str) -> None:
    """Check that a label is one line without double quotation marks and backslashes.

    Args:
        text: The label.
        noun: The noun for the text, for the error: "the title of 'x'".

    Raises:
        AuthoringError: It is not.
    """
    if '"' in text or "\n" in text or "\\" in text:
        raise AuthoringError(f"{noun}: a title is one line without double quotation marks and backslashes")


def check_default(default: object, noun: str) -> None:
    r"""Check that a default value can be pasted into Python source.

    Args:
        default: The wire value or Python value.
        noun: The owner of the default, for the error: "parameter 'x'".

    Raises:
        AuthoringError: It is a text that ends in a double quotation mark or holds a backslash.
    """
    if isinstance(default, str) and (default.endswith('"') or "\\" in default):
        raise AuthoringError(f"{noun}: a default text must not end in a quotation mark nor hold a backslash")
