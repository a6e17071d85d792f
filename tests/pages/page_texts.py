"""Every text that a page of a protocol can show: of its templates, its modules and its scripts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import orjson
from jinja2 import Environment, FileSystemLoader, nodes

import gpserverless.pages

ROOM = Path(gpserverless.pages.__file__).parent
SCRIPTS = Path(__file__).parents[2] / "layers/gpserverless/browser/source"
_PLACES = re.compile(r"\{\w+\}")
_NO_TEXT = re.compile(
    r"<(script|svg)\b.*?</\1>|\{% block (kind|layout|attributes) %\}.*?\{% endblock %\}"
    r"|\{% macro describe.*?endmacro %\}|\{#.*?#\}",
    re.S,
)
_SCRIPT_TEXT = re.compile(r'\btext\(\s*("(?:[^"\\]|\\.)*")')


def templates(*protocols: Path) -> list[Path]:
    """Return the templates of protocols, and those that theirs extend.

    Args:
        *protocols: Folders of the protocols.
    """
    return sorted(path for folder in _folders(protocols) for path in folder.glob("*.html"))


def template_texts(*protocols: Path) -> Iterator[str]:
    """Yield the texts that templates give to `_`.

    Args:
        *protocols: Folders of the protocols.
    """
    environment = Environment(loader=FileSystemLoader(_folders(protocols)), autoescape=True)
    for path in templates(*protocols):
        parsed = environment.parse(path.read_text("utf-8"))
        for call in parsed.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_":
                found = (each.value for each in call.args[0].find_all(nodes.Const))
                own = [call.args[0].value] if isinstance(call.args[0], nodes.Const) else []
                yield from (text for text in (*found, *own) if isinstance(text, str))


def module_texts(folder: Path) -> Iterator[str]:
    """Yield the texts that modules name with `Text`.

    Args:
        folder: Folder of the modules.
    """
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                yield str(ast.literal_eval(node.args[0]))


def script_texts() -> set[str]:
    """Return the texts that scripts give to `text`."""
    sources = (path.read_text("utf-8") for path in SCRIPTS.rglob("*.ts"))
    return {str(orjson.loads(found)) for source in sources for found in _SCRIPT_TEXT.findall(source)}


def find_untranslated_words(path: Path, names: set[str]) -> list[str]:
    """Return the words between the tags of a template that stand outside `_`, but for names.

    Args:
        path: Path of the template.
        names: The names.
    """
    text = _NO_TEXT.sub("", path.read_text("utf-8"))
    between = re.sub(r"<[^<>]*>", " ", re.sub(r"\{[{%].*?[%}]\}", "", text, flags=re.S))
    return [word for word in re.findall(r"[A-Za-z]{2,}", between) if word not in names]


def find_changed_places(translations: Mapping[str, str]) -> list[str]:
    """Return the texts whose translation has other places for values.

    Args:
        translations: Translations by the text in English.
    """
    return [
        text
        for text, other in translations.items()
        if sorted(_PLACES.findall(text)) != sorted(_PLACES.findall(other))
    ]


def _folders(protocols: Iterable[Path]) -> list[Path]:
    return [ROOM / "templates", *(folder / "templates" for folder in protocols)]
