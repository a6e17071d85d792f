"""Hostile texts: no reader in a function takes time that grows faster than the text.

Requests, options, URLs and the values of submitted jobs are read outside the sandbox, where no deadline
ends it: a text of a few kilobytes must not keep a function busy. `make fuzz` tries every text on every
reader; here each reader has a ninth of them or fewer, and all readers together have all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from zlib import crc32

import pytest

from dev.fuzz.data_types import TYPES
from dev.fuzz.growth import HostileText, grows_faster
from dev.fuzz.hostile_texts import HOSTILE_TEXTS
from dev.fuzz.readers import READERS
from gpserverless.datatypes.registry import DATA_TYPES
from gpserverless.errors import GPServerlessError
from gpserverless.values.secrets import blank_secrets

PART = 9
PARTS = {"form of a task": 63, "names in the form of a task": 27}
"""Larger parts of readers that read every data type at once: a text costs them milliseconds."""


def test_every_data_type_is_tried() -> None:
    assert {type(kind) for kind in TYPES} >= set(DATA_TYPES)


@pytest.mark.parametrize("name", READERS)
def test_reader_takes_linear_time_and_raises_errors_of_its_own(name: str) -> None:
    def read(text: str) -> None:
        with suppress(GPServerlessError):
            READERS[name](text)

    part = PARTS.get(name, PART)
    texts = HOSTILE_TEXTS[crc32(name.encode()) % part :: part]
    assert [text for text in texts if grows_faster(read, text)] == []


TOO_SLOW: list[tuple[Callable[[str], object], HostileText]] = [
    (lambda text: re.search(r"\s++$", text), HostileText("5", " ", "Miles")),
    (lambda text: re.fullmatch(r"(a|a)*", text), HostileText("", "a", "!")),
    (lambda text: [text[:place].title() for place in range(len(text))], HostileText("", "a")),
]


@pytest.mark.parametrize(("read", "text"), TOO_SLOW)
def test_reader_that_is_too_slow_is_noticed(read: Callable[[str], object], text: HostileText) -> None:
    assert grows_faster(read, text)
    assert not grows_faster(blank_secrets, text)
