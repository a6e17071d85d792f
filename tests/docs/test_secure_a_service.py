"""The examples of docs/how-to/secure-a-service.md run, and its tables are true."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpserverless import Access, Role
from gpserverless.caller import ANYBODY, Caller
from gpserverless.http.credentials import MAX_TOKEN
from gpserverless.outputs.limits import LINK_SECONDS
from tests.docs.test_reference import rows, spans

PAGE = (Path(__file__).parents[2] / "docs/how-to/secure-a-service.md").read_text("utf-8")
PACKAGE = "toolboxes_of_the_secure_page"
SERVICE, TOOL, TEST = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def toolboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The toolbox of the page."""
    root = tmp_path_factory.mktemp("page")
    folder = root / PACKAGE / "plans"
    folder.mkdir(parents=True)
    (root / PACKAGE / "__init__.py").touch()
    (folder / "__init__.py").write_text(SERVICE, "utf-8")
    (folder / "publish_plan.py").write_text(TOOL, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root)
        yield
    for module in [m for m in sys.modules if m.partition(".")[0] == PACKAGE]:
        del sys.modules[module]


def test_example_passes(toolboxes: None) -> None:
    names: dict[str, object] = {}
    exec(TEST.replace("toolboxes", PACKAGE), names)
    (test,) = (value for name, value in names.items() if name.startswith("test_"))
    assert callable(test)
    test()


RULES = [cells for cells in rows(PAGE, 3) if cells[0].strip().startswith("`Access(")]
ROLES = {"viewers": Role.VIEWER, "users": Role.USER, "publishers": Role.PUBLISHER}


@pytest.mark.parametrize("cells", RULES, ids=lambda cells: cells[0].strip())
def test_rule_admits_and_shows_to_those_in_its_row(cells: list[str]) -> None:
    rule = eval(spans(cells[0])[0], {"Access": Access, "Role": Role})
    groups = frozenset({"planners"}) if "group" in cells[1] else frozenset()
    for word, role in ROLES.items():
        member = Caller("somebody", role, groups)
        assert rule.admits(member) == (word in cells[1]), word
        assert rule.shows_to(member) == (word in cells[1] or word in cells[2]), word
        if groups:
            assert not rule.shows_to(Caller("stranger", role))
    assert not rule.shows_to(ANYBODY)


def test_page_has_every_kind_of_rule() -> None:
    assert len(RULES) == 5


def test_numbers_are_those_of_the_code() -> None:
    assert f"more than {MAX_TOKEN:,} characters" in PAGE
    assert f"It works for {LINK_SECONDS // 60} minutes at most" in PAGE
