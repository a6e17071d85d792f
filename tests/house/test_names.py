"""The check of names refuses each kind of bad name, and only those."""

from __future__ import annotations

from pathlib import Path

import pytest

from dev.house.__main__ import ROOT
from dev.house.names import check_names, read_definitions
from dev.house.words import starts_with_participle

VERBS = "\n".join(f"def read_{number}(): ...\nclass Reader{number}: ..." for number in range(10))

REFUSED = [
    ("dev/geo_utils.py", "", "the file geo_utils has a name with 'utils': say what it is for"),
    ("dev/helpers/read.py", "", "the file helpers has a name with 'helpers': say what it is for"),
    (
        "dev/read.py",
        "def common_rows(): ...",
        "the function common_rows has a name with 'common': say what it is for",
    ),
    ("dev/read.py", "async def util(): ...", "the function util has a name with 'util': say what it is for"),
    (
        "local/read.py",
        "class JobManager: ...",
        "the class JobManager has a name with 'manager': say what it is for",
    ),
    (
        "tests/read.py",
        "class _MiscRows: ...",
        "the class _MiscRows has a name with 'misc': say what it is for",
    ),
    ("tools/far_side.py", "", "the file far_side was replaced by fake_feature_server"),
    ("dev/read.py", "class Patience: ...", "the class Patience was replaced by Deadline"),
    ("dev/read.py", "to_come_again = 1", "the variable to_come_again was replaced by partial_failure"),
    ("dev/read.py", "for far_side in (): ...", "the variable far_side was replaced by fake_feature_server"),
    ("dev/read.py", "import io as Shelf", "the variable Shelf was replaced by Uploads"),
    ("tests/read.py", "def read(Swept): ...", "the variable Swept was replaced by SweepReport"),
    ("dev/read.py", "read.Moved = 1", "the variable Moved was replaced by MoveResult"),
    ("dev/read.py", "def refers(): ...", "the function refers was replaced by may_be_reference"),
    ("dev/read.py", "def _settle(): ...", "the function _settle was replaced by _resolve_doubt"),
    ("dev/read.py", "class Reading: ...", "the class Reading was replaced by LoadOptions"),
]

ALLOWED = {
    "dev/read.py": "once = horizon = 1",
    "dev/commonwealth.py": "def need_more(): ...",
    "dev/lines.py": "class OutlineReader:\n    def read(self, utils): ...",
    "dev/errors.py": "class Refused(ReadError): ...",
    "tests/test_read.py": "def parsed(): ...\nclass Parsed: ...",
    "dev/.venv/helpers.py": "def helper(): ...",
}


def complain(root: Path, files: dict[str, str]) -> list[str]:
    """Check the names of a folder with some files."""
    for path, source in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(source, "utf-8")
    return check_names(read_definitions(root))


@pytest.mark.parametrize(("path", "source", "complaint"), REFUSED)
def test_name_is_refused(tmp_path: Path, path: str, source: str, complaint: str) -> None:
    (found,) = complain(tmp_path, {path: source})
    assert found.partition(": ")[2].startswith(complaint)


def test_other_names_are_allowed(tmp_path: Path) -> None:
    assert complain(tmp_path, {"local/verbs.py": VERBS} | ALLOWED) == []


@pytest.mark.parametrize(
    ("source", "kind"), [("def _parsed(): ...", "function"), ("class Parsed: ...", "class")]
)
def test_participles_over_their_share_are_refused(tmp_path: Path, source: str, kind: str) -> None:
    assert complain(tmp_path, {"local/verbs.py": f"{VERBS}\n" * 10 + source}) == []
    head, *each = complain(tmp_path, {"local/verbs.py": source})
    assert head.startswith(f"1 of 1 names of {kind}")
    assert each == [f"local/verbs.py:1: {source.split()[1].strip('().:')} is a participle"]


@pytest.mark.parametrize(
    ("name", "participle"),
    [
        ("parsed", True),
        ("_told", True),
        ("__rewritten_rows", True),
        ("unsent_messages", True),
        ("Asked", True),
        ("parse", False),
        ("_need", False),
        ("present", False),
        ("is_parsed", False),
        ("feed_rows", False),
        ("keep", False),
    ],
)
def test_participle_is_told_from_a_verb(name: str, participle: bool) -> None:
    assert starts_with_participle(name) == participle


def test_sources_have_good_names() -> None:
    assert check_names(read_definitions(ROOT)) == []
