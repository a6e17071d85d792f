"""Numbers of things in messages, in singular and plural."""

from __future__ import annotations

import pytest

from gpserverless.values.counts import write_count


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 rows are empty"),
        (1, "1 row is empty"),
        (2, "2 rows are empty"),
        (21_000, "21,000 rows are empty"),
    ],
)
def test_number_has_the_words_that_go_with_it(number: int, text: str) -> None:
    assert write_count(number, "row is empty", "rows are empty") == text
