"""The docstring of a tool is its documentation on the wire, and is checked against the signature."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import docstring_parser

from gpserverless.errors import AuthoringError


@dataclass(frozen=True)
class Documentation:
    """The documentation of a tool."""

    #: The text above the sections, as one plain text.
    description: str
    #: The `Args:` lines by name.
    parameters: dict[str, str]


def read_docstring(function: Callable[..., Any], names: Collection[str]) -> Documentation:
    """Read the documentation of a tool from its docstring.

    Args:
        function: The tool's function.
        names: Its parameters, without the injected run.

    Raises:
        AuthoringError: It is missing, or does not describe exactly the parameters of the signature.
    """
    parsed = docstring_parser.parse(function.__doc__ or "", style=docstring_parser.DocstringStyle.GOOGLE)
    if not parsed.short_description:
        raise AuthoringError("it has no docstring; its first line is the task's description")
    described = {p.arg_name: " ".join((p.description or "").split()) for p in parsed.params}
    unknown = sorted(set(described) - set(names) - {"run"})
    if unknown:
        raise AuthoringError(
            f"the docstring describes '{unknown[0]}', which is no parameter; remove or rename it"
        )
    missing = [n for n in names if not described.get(n)]
    if missing:
        raise AuthoringError(f"the docstring does not describe '{missing[0]}'; add it under Args:")
    paragraphs = (parsed.short_description, parsed.long_description)
    return Documentation("\n\n".join(" ".join(p.split()) for p in paragraphs if p), described)


def read_summary(docstring: str | None) -> str:
    """Return a module's docstring as one line of plain text; "" if it has none.

    Args:
        docstring: The docstring; None if there is none.
    """
    return " ".join((docstring or "").split())
