"""The example of docs/how-to/uploads.md uploads a file to the site and uses its item."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.wire.conftest import Site

PAGE = (Path(__file__).parents[2] / "docs/how-to/uploads.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_item_of_the_example_is_the_value_of_a_call(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "towns.csv").write_text("name,x,y\nBonn,7.1,50.7\nKiel,10.1,54.3\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    exec("".join(EXAMPLES).replace("http://127.0.0.1:8000", site.url), {})
    assert capsys.readouterr().out.endswith("2 towns\n")
