"""The glossary is true: the code uses its words, and none of them has been replaced."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from dev.house.words import REPLACED

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "layers/gpserverless",
    "tools",
    "functions",
    "local",
    "dev/faults",
    "dev/formal_model",
    "dev/predeploy",
)
FOLDERS += ("dev/simulation", "dev/benchmarks", "dev/fuzz", "tests/fetch")
WORDS = [
    word
    for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| word")
    for word in line.split("|")[1].strip().split(", ")
]


@cache
def code() -> str:
    """Return all code as words in lower case, after a space: snake_case and CamelCase are taken apart."""
    files = chain.from_iterable((ROOT / folder).rglob("*.py") for folder in FOLDERS)
    texts = [path.read_text("utf-8") for path in files if ".venv" not in path.parts]
    return re.sub(r"[\W_]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", "\n".join(["", *texts]))).lower()


@pytest.mark.parametrize("word", WORDS)
def test_word_occurs_in_the_code(word: str) -> None:
    assert f" {word.lower().replace('-', ' ')}" in code()


def test_word_is_explained_once() -> None:
    assert sorted(WORDS) == sorted(set(WORDS))


def test_replaced_names_are_not_explained() -> None:
    assert not {word.replace(" ", "_") for word in WORDS} & {name.lower() for name in REPLACED}
