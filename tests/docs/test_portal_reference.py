"""The reference of the portal lists every resource, role and path, and every test it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gpserverless.caller import Role
from gpserverless.protocols.sharing import documents
from gpserverless.protocols.sharing.routes import RESOURCES

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/reference/portal.md").read_text("utf-8")
TESTS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)


def test_every_resource_is_listed_once_with_a_test() -> None:
    rows = re.findall(r"^\| ((?:`\w+`,? ?)+)\|.*`tests/[^`]+`", TEXT, re.MULTILINE)
    assert sorted(re.findall(r"\w+", " ".join(rows))) == sorted(RESOURCES)


@pytest.mark.parametrize(("file", "name"), TESTS)
def test_named_test_is_there(file: str, name: str) -> None:
    assert re.search(rf"^\s*(def|class) {name}\b", (ROOT / file).read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("role", Role)
def test_roles_and_their_privileges_are_those_of_the_code(role: Role) -> None:
    (name, privileges) = re.findall(rf"^\| {role.name.lower()} \| `(\w+)` \| (.*?) ?\|$", TEXT, re.MULTILINE)[
        0
    ]
    assert name == documents._ROLES[role]
    listed = re.findall(r"`([^`]+)`", privileges)
    assert listed == [privilege for least, privilege in documents._PRIVILEGES if least is role]
