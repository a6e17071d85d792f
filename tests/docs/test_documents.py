"""The documents are true: their examples run, their links lead somewhere."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest

from gpserverless.toolkit.toolboxes import discover

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("tools/*.md"), *ROOT.glob("docs/**/*.md")])

_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]+)(?:#[^)]*)?\)")
_BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: str(d.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    broken = [
        link for link in _LINK.findall(document.read_text("utf-8")) if not (document.parent / link).exists()
    ]
    assert broken == []


def test_first_tool_works_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    service, tool, test = _BLOCK.findall((ROOT / "tools/README.md").read_text("utf-8"))
    toolbox = tmp_path / "first" / "water"
    toolbox.mkdir(parents=True)
    (tmp_path / "first" / "__init__.py").touch()
    (toolbox / "__init__.py").write_text(service, "utf-8")
    (toolbox / "near_coast.py").write_text(tool, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    (found,) = discover("first")
    names: dict[str, Any] = {}
    exec(test.replace("toolboxes", "first"), names)
    names["test_zones_are_round"]()
    for name in [n for n in sys.modules if n.partition(".")[0] == "first"]:
        del sys.modules[name]
    assert [t.name for t in found.spec.tasks] == ["NearCoast"]
