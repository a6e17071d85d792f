"""Find names without meaning, names that were replaced, and participles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dev.house.words import (
    EMPTY_WORDS,
    PARTICIPLES_OF_CLASSES,
    PARTICIPLES_OF_FUNCTIONS,
    REPLACED,
    REPLACED_DEFINITIONS,
    starts_with_participle,
)

_PLURALS = {"function": "functions", "class": "classes"}
FOLDERS = ("layers/gpserverless", "layers/dependencies", "functions", "tools", "local", "dev", "tests")
Kind = Literal["file", "class", "error", "function", "property", "variable"]


@dataclass(frozen=True)
class Definition:
    """One place where a name is given.

    Attributes:
        kind: What the name is given to.
        name: The name as it is written; of a file without its ending.
        place: The file from the root of the sources, and the line.
    """

    kind: Kind
    name: str
    place: str

    @property
    def in_test(self) -> bool:
        """Whether a test defines the name."""
        return self.place.startswith("tests/")


def read_definitions(root: Path) -> list[Definition]:
    """Read every name that the sources define.

    Args:
        root: The folder that holds the folders of the sources.
    """
    files = (path for folder in FOLDERS for path in sorted((root / folder).rglob("*.py")))
    ours = [path for path in files if not {".venv", "node_modules"} & set(path.parts)]
    folders = {parent for path in ours for parent in path.parents if root in parent.parents}
    return [
        *(Definition("file", path.stem, str(path.relative_to(root))) for path in (*sorted(folders), *ours)),
        *(
            found
            for path in ours
            for found in _definitions_of(path.read_text("utf-8"), path.relative_to(root))
        ),
    ]


_GIVING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Name, ast.Attribute, ast.arg, ast.alias)
"""Kinds of node that may give a name; most are none of these."""


def _definitions_of(source: str, path: Path) -> Iterator[Definition]:
    for node in ast.walk(ast.parse(source)):
        for kind, name in _names_given_by(node) if isinstance(node, _GIVING) else ():
            yield Definition(kind, name, f"{path}:{getattr(node, 'lineno', 1)}")


def _names_given_by(node: ast.AST) -> Iterator[tuple[Kind, str]]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            # A property is a value, which a participle may name.
            is_property = any(ast.unparse(each).endswith("property") for each in node.decorator_list)
            yield ("property" if is_property else "function"), node.name
        case ast.ClassDef(bases=bases):
            error = any(ast.unparse(base).endswith(("Error", "Exception")) for base in bases)
            yield ("error" if error else "class"), node.name
        case ast.Name(ctx=ast.Store()):
            yield "variable", node.id
        case ast.Attribute(ctx=ast.Store()):
            yield "variable", node.attr
        case ast.arg():
            yield "variable", node.arg
        case ast.alias(asname=str(name)):
            yield "variable", name


def check_names(definitions: Sequence[Definition]) -> list[str]:
    """List the names that the house rules refuse, one line for each.

    Args:
        definitions: All names of the sources, those of the tests included.
    """
    return [
        *_check_empty_words(definitions),
        *_check_replaced_names(definitions),
        *_check_participles(definitions),
    ]


def _check_empty_words(definitions: Iterable[Definition]) -> Iterator[str]:
    for found in definitions:
        words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", found.name)}
        for word in sorted(words & EMPTY_WORDS) if found.kind != "variable" else ():
            yield f"{found.place}: the {found.kind} {found.name} has a name with '{word}': say what it is for"


def _check_replaced_names(definitions: Iterable[Definition]) -> Iterator[str]:
    everywhere = _spellings(REPLACED)
    defined = {**everywhere, **_spellings(REPLACED_DEFINITIONS)}
    for found in definitions:
        replaced = everywhere if found.kind == "variable" else defined
        if found.name in replaced:
            yield f"{found.place}: the {found.kind} {found.name} was replaced by {replaced[found.name]}"


def _spellings(replaced: dict[str, str]) -> dict[str, str]:
    """Add the class of every function and file."""
    camel = {name.title().replace("_", ""): better for name, better in replaced.items() if name.islower()}
    return {**camel, **replaced}


def _check_participles(definitions: Iterable[Definition]) -> Iterator[str]:
    code = [found for found in definitions if not found.in_test]
    functions = [found for found in code if found.kind == "function"]
    classes = [found for found in code if found.kind == "class"]
    for all_of_kind, most in ((functions, PARTICIPLES_OF_FUNCTIONS), (classes, PARTICIPLES_OF_CLASSES)):
        participles = [found for found in all_of_kind if _is_participle(found)]
        if len(participles) > most * len(all_of_kind):
            share = f"{len(participles)} of {len(all_of_kind)} names of {_PLURALS[participles[0].kind]}"
            yield f"{share} are participles, over {most:.0%}: functions are verbs, classes are nouns"
            yield from (f"{found.place}: {found.name} is a participle" for found in participles)


def _is_participle(found: Definition) -> bool:
    if found.kind == "class":
        single = re.fullmatch(r"_?[A-Z][a-z]+", found.name) is not None
        return single and starts_with_participle(found.name)
    return starts_with_participle(found.name)
