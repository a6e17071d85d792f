"""The references that are made of the code are those of the code as it is, and their examples run."""

from __future__ import annotations

import doctest
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest

import gpserverless
from dev.reference.docstrings import split_example
from dev.reference.front_door import FOR_THE_SITE, ROOMS, list_members
from dev.reference.pages import ROOT, list_writers
from dev.reference.shipped_tools import find_twin, list_services

WRITERS = list_writers()
PAGE = WRITERS["docs/reference/tool-authors.md"]()
(BEGINNING,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SECTIONS = dict(zip(*[iter(re.split(r"^### (\w+)$", PAGE, flags=re.MULTILINE)[1:])] * 2, strict=True))
MEMBERS = [(name, key) for name in gpserverless.__all__ if name != "Field" for key in list_members(name)]


@pytest.mark.parametrize("path", WRITERS)
def test_page_is_made_of_the_code_as_it_is(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == WRITERS[path](), "make reference"


def test_page_of_a_removed_service_is_removed() -> None:
    there = {str(page.relative_to(ROOT)) for page in (ROOT / "docs/reference/tools").iterdir()}
    assert there == {path for path in WRITERS if "/tools/" in path}


def test_every_name_of_the_front_door_stands_under_one_subject() -> None:
    assert sorted(name for names in ROOMS.values() for name in names) == sorted(gpserverless.__all__)
    assert set(SECTIONS) == set(gpserverless.__all__)


@pytest.mark.parametrize("name", gpserverless.__all__)
def test_every_name_has_an_example(name: str) -> None:
    assert ">>> " in SECTIONS[name].partition("\n#### ")[0]


@pytest.mark.parametrize(("name", "key"), MEMBERS)
def test_every_method_has_an_example(name: str, key: str) -> None:
    member = list_members(name)[key]
    _, example = split_example(getattr(member, "fget", member).__doc__)
    assert ">>> " in example


def test_methods_that_are_left_out_exist() -> None:
    for each in FOR_THE_SITE - {each for each in FOR_THE_SITE if each.startswith(("Field.", "Category."))}:
        name, _, key = each.partition(".")
        assert hasattr(getattr(gpserverless, name), key), each


@pytest.fixture
def folder_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.mark.usefixtures("folder_of_files")
@pytest.mark.parametrize("name", SECTIONS)
def test_examples_of_a_section_answer_what_is_written(name: str) -> None:
    names: dict[str, Any] = {}
    exec(BEGINNING, names)
    examples = "\n".join(re.findall(r"```pycon\n(.*?)```", SECTIONS[name], re.DOTALL))
    told: list[str] = []
    found = doctest.DocTestParser().get_doctest(examples, names, name, None, None)
    outcome = doctest.DocTestRunner().run(found, out=told.append)
    assert outcome.attempted > 0
    assert outcome.failed == 0, "".join(told)


@pytest.mark.parametrize("service", list_services(), ids=lambda service: service.name)
def test_page_of_a_service_has_every_parameter(service: Any) -> None:
    twin = find_twin(service)
    page = WRITERS[f"docs/reference/tools/{(twin or service).name.lower()}.md"]()
    for task in service.tasks:
        section = page[page.index(f"\n## {task.name}\n") :]
        for parameter in task.parameters:
            assert f"| `{parameter.name}` | `{parameter.data_type.name}` |" in section
