"""Docstrings as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator

from docstring_parser import DocstringStyle, parse

_EXAMPLE = re.compile(r"^Example:\n(.*)\Z", re.MULTILINE | re.DOTALL)


def split_example(docstring: str | None) -> tuple[str, str]:
    """Return a docstring without its example, and the example, "" for none.

    Args:
        docstring: A docstring, whose example is its last section.
    """
    text = inspect.cleandoc(docstring or "")
    found = _EXAMPLE.search(text)
    if found is None:
        return text, ""
    return text[: found.start()].rstrip(), inspect.cleandoc("\n" + found[1])


def write_docstring(docstring: str | None) -> Iterator[str]:
    """Yield the paragraphs of a docstring: prose, arguments, errors, and the example.

    Args:
        docstring: In Google style.
    """
    text, example = split_example(docstring)
    parsed = parse(text, style=DocstringStyle.GOOGLE)
    for prose in (parsed.short_description, parsed.long_description):
        if prose:
            yield from (" ".join(each.split()) for each in prose.split("\n\n"))
    named = [(each.arg_name, each.description) for each in parsed.params if each.arg_name]
    if named:
        yield "\n".join(_write_items(named))
    errors = [(each.type_name or "", each.description) for each in parsed.raises]
    if errors:
        yield "Raises:\n\n" + "\n".join(_write_items(errors))
    if example:
        quoted = example.replace("'''", '"""')  # inside of a docstring it cannot be written so
        yield f"```pycon\n{quoted}\n```"


def _write_items(pairs: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    for name, description in pairs:
        yield f"- `{name}`: {' '.join((description or '').split())}"
