"""The examples of the pages about result services run, one after the other, and print what the pages say."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from local.cloud import LocalCloud

ROOT = Path(__file__).parents[2]
KEEP, DRAW = ((ROOT / f"docs/how-to/{name}.md").read_text("utf-8") for name in
              ("keep-results-as-services", "draw-results-on-a-map"))  # fmt: skip
EXAMPLE = re.compile(r"```python\n(.*?)```\n\n```\n(.*?)```", re.DOTALL)
HOST = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def examples(cloud: LocalCloud) -> list[tuple[str, str]]:
    """Return what each example printed, and what its page says, in the order that a reader runs them."""
    keep, remove, *read = EXAMPLE.findall(KEEP)
    names: dict[str, Any] = {}
    return [
        (run(code, names, cloud.url), printed)
        for code, printed in (keep, *read, *EXAMPLE.findall(DRAW), remove)
    ]


def run(code: str, names: dict[str, Any], url: str) -> str:
    if "pyogrio" in code:  # GDAL would wait for a server that waits for it
        code = f"SERVICES = {names['SERVICES']!r}\n{code}"
        command = [sys.executable, "-c", code.replace(HOST, url)]
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                command, check=True, capture_output=True, text=True, timeout=180, cwd=folder
            )
        return done.stdout
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code.replace(HOST, url), "<page>", "exec"), names)
    return printed.getvalue().replace(url, HOST)


def test_examples_print_what_the_pages_say(examples: list[tuple[str, str]]) -> None:
    assert len(examples) == 6
    for printed, said in examples:
        assert printed == said
