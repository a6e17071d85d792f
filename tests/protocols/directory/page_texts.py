"""Every text that a page of the directory can show: of its templates, its modules and its scripts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, nodes

import gpserverless.pages
import gpserverless.protocols.directory

ROOM = Path(gpserverless.pages.__file__).parent
DIRECTORY = Path(gpserverless.protocols.directory.__file__).parent
SCRIPTS = Path(__file__).parents[3] / "layers/gpserverless/browser/source"
FOLDERS = (ROOM / "templates", DIRECTORY / "templates")
TEMPLATES = sorted(path for folder in FOLDERS for path in folder.glob("*.html"))

_SCRIPT_TEXT = re.compile(r'\btext\(\s*("(?:[^"\\]|\\.)*")')


def template_texts() -> Iterator[str]:
    """Yield the texts that templates give to `_`."""
    environment = Environment(loader=FileSystemLoader(FOLDERS), autoescape=True)
    for path in TEMPLATES:
        parsed = environment.parse(path.read_text("utf-8"))
        for call in parsed.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                yield from (each.value for each in call.args[0].find_all(nodes.Const))
                if isinstance(call.args[0], nodes.Const):
                    yield call.args[0].value


def module_texts() -> Iterator[str]:
    """Yield the texts that modules name with `Text`."""
    for path in DIRECTORY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                yield str(ast.literal_eval(node.args[0]))


def script_texts() -> set[str]:
    """Return the texts that scripts give to `text`."""
    sources = (path.read_text("utf-8") for path in SCRIPTS.rglob("*.ts"))
    return {str(orjson.loads(found)) for source in sources for found in _SCRIPT_TEXT.findall(source)}
