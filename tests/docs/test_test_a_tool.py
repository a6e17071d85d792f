"""The examples of docs/how-to/test-a-tool.md run as tests, on the tool of tools/README.md."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = "toolboxes_of_the_page"
BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)
EXAMPLES = BLOCK.findall((ROOT / "docs/how-to/test-a-tool.md").read_text("utf-8"))


@pytest.fixture(scope="module")
def toolboxes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The toolbox of tools/README.md, as the services Water and WaterJobs."""
    service, tool, _ = BLOCK.findall((ROOT / "tools/README.md").read_text("utf-8"))
    root = tmp_path_factory.mktemp("page")
    for name, execution in (("water", '"sync"'), ("water_jobs", '"async"')):
        folder = root / PACKAGE / name
        folder.mkdir(parents=True)
        (root / PACKAGE / "__init__.py").touch()
        (folder / "__init__.py").write_text(service.replace('"sync"', execution), "utf-8")
        (folder / "near_coast.py").write_text(tool, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root)
        yield
    for module in [m for m in sys.modules if m.partition(".")[0] == PACKAGE]:
        del sys.modules[module]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: re.search(r"def (test_\w+)", e)[1])  # type: ignore[index]
def test_example_passes(toolboxes: None, example: str) -> None:
    names: dict[str, object] = {}
    exec(example.replace("toolboxes", PACKAGE), names)
    tests = [value for name, value in names.items() if name.startswith("test_")]
    assert tests
    for test in tests:
        assert callable(test)
        test()
