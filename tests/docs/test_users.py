"""Every command of docs/how-to/users.md runs as it is written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from gpserverless.cli import table_options
from gpserverless.testing import InMemoryAccessRows
from tests.cli.conftest import Run, command  # noqa: F401 - a fixture

PAGE = (Path(__file__).parents[2] / "docs/how-to/users.md").read_text("utf-8")
COMMANDS = re.findall(r"^    gpserverless users (.+)$", PAGE, re.MULTILINE)


def test_page_has_every_command() -> None:
    named = {" ".join(re.match(r"(keys )?\w+", each)[0].split()) for each in COMMANDS}  # type: ignore[index]
    assert named == {
        *("add", "list", "show", "role", "group", "password", "disable", "enable", "rotate"),
        *("keys add", "keys list", "keys remove"),
    }


def test_commands_run_in_the_order_of_the_page(command: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    rows, places = InMemoryAccessRows(), []

    def open_rows(**place: str) -> InMemoryAccessRows:
        places.append(place["stack"] or place["url"])
        return rows

    monkeypatch.setattr(table_options, "open_rows", open_rows)
    for line in COMMANDS:
        ids = [row["id"] for row in rows.rows.values() if "id" in row]
        arguments = [ids[0] if re.fullmatch("[0-9a-f]{8}", word) else word for word in shlex.split(line)]
        outcome = command(*arguments, typed="correct horse\n")
        assert outcome.status == 0, f"{line}: {outcome}"
    assert {place for place in places if place} == {"gpserverless-dev", "http://127.0.0.1:4566"}
    assert rows.rows["USER#eve"]["groups"] == ["planners"]
