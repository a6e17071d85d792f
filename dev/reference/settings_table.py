"""The table of docs/reference/settings.md: its variables and defaults are those of template.yaml.

The order of the rows and their meanings are written by hand, in the page itself. A test tells of a parameter
or a variable that has no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from local.template import FUNCTION, Template

ROOT = Path(__file__).parents[2]
PATH = "docs/reference/settings.md"

_ROW = re.compile(r"^\| ([^|]*)\| ([^|]*)\| ([^|]*)\| (.*) \|$")
_NAME = re.compile(r"`(\w+)`")


def write_settings_page() -> str:
    """Return the page with the variables and defaults of the template."""
    lines = (ROOT / PATH).read_text("utf-8").splitlines()
    return "\n".join(write_line(line) for line in lines) + "\n"


def write_line(line: str) -> str:
    """Return a line of the page; one of a row has the variables and the default of the template.

    Args:
        line: The line as it is.
    """
    found = _ROW.match(line)
    if found is None or "`" not in found[1] + found[2]:
        return line
    variables, parameter, default, meaning = (cell.strip() for cell in found.groups())
    named = _NAME.fullmatch(parameter)
    if named:
        read_by = [name for name, source in list_variables().items() if source == named[1]]
        own = _NAME.findall(variables)
        kept = [name for name in own if name not in list_variables() or name in read_by]
        variables = ", ".join(f"`{name}`" for name in dict.fromkeys([*kept, *read_by]))
        default = _write_default(read_template().parameters.get(named[1], ""))
    else:
        values = [value for name in _NAME.findall(variables) for value in _list_literals(name)]
        default = _quote_as(default, values[0]) if values else default
    return f"| {' | '.join((variables, parameter, default, meaning))} |".replace("|  |", "| |")


@cache
def read_template() -> Template:
    """Return the template of this repository."""
    return Template.read(ROOT / "template.yaml")


@cache
def list_variables() -> Mapping[str, str]:
    """Return the parameter that each environment variable of a function has its value of, "" for none."""
    found: dict[str, str] = {}
    for function in read_template().of_type(FUNCTION):
        for name, value in function.properties["Environment"]["Variables"].items():
            source = value.get("Ref", "") if isinstance(value, dict) else ""
            found[name] = source if source in read_template().known_parameters else found.get(name, "")
    return found


def _list_literals(variable: str) -> Iterator[str]:
    """Yield the values that functions have for a variable, where they are written in the template."""
    for function in read_template().of_type(FUNCTION):
        value = function.properties["Environment"]["Variables"].get(variable)
        if isinstance(value, str):
            yield value


def _write_default(value: str) -> str:
    if not value:
        return "none"
    return value if re.fullmatch(r"\d+", value) else f"`{value}`"


def _quote_as(before: str, value: str) -> str:
    return f"`{value}`" if before.startswith("`") else value
