"""Numbers of things in messages, in singular and plural, and lists of some of them."""

from __future__ import annotations

import pytest

from gpserverless.values.counts import list_some, write_count


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


@pytest.mark.parametrize(
    ("names", "number", "text"),
    [
        (["a"], 1, "a"),
        (["a", "b", "c"], 3, "a, b and c"),
        (["a", "b", "c", "d", "e"], 1_500, "a, b, c, d and 1,496 more"),
    ],
)
def test_names_are_listed_up_to_four(names: list[str], number: int, text: str) -> None:
    assert list_some(names, number) == text
