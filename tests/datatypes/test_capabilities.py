"""A data type of four members is whole: the functions do the usual thing for what it does not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from gpserverless.datatypes import capabilities
from gpserverless.datatypes.base import DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.referable import fetch_references, may_be_reference
from gpserverless.errors import InvalidValue


@dataclass(frozen=True)
class Percent(DataType):
    """A share between 0 and 1, on the wire a text with a percent sign."""

    name = "GPPercent"
    accepted = "a text such as 50%"

    def load(self, raw: Any, options: LoadOptions) -> float:
        """Read a text that ends in a percent sign."""
        if not isinstance(raw, str) or not raw.endswith("%"):
            self.fail(f"'{raw}' has no percent sign")
        return float(raw[:-1]) / 100

    def dump(self, value: Any, options: DumpOptions) -> str:
        """Write whole percents."""
        if not isinstance(value, float):
            raise InvalidValue("it is not a number")
        return f"{value * 100:.0f}%"


PERCENT = Percent()


def test_type_refuses_a_value_with_what_it_accepts() -> None:
    with pytest.raises(InvalidValue, match="'x' has no percent sign") as caught:
        PERCENT.load("x", LoadOptions())
    assert caught.value.accepted == "a text such as 50%"


def test_type_without_mixins_has_the_usual_behaviour() -> None:
    options = DumpOptions()
    assert PERCENT.describe() == {}
    assert PERCENT.empty is None
    assert b"".join(capabilities.write(PERCENT, 0.5, options)) == b'"50%"'
    assert capabilities.check_at_submit(PERCENT, "50%", LoadOptions()) == 0.5
    assert capabilities.echo(PERCENT, "50.0%") == "50%"
    assert capabilities.echo_type(PERCENT, "50%") == "GPPercent"
    assert capabilities.result_type(PERCENT, 0.5) == "GPPercent"
    assert capabilities.dump_element(PERCENT, 0.5, options) == "50%"
    assert not capabilities.is_secret(PERCENT)


def test_type_without_mixins_holds_what_it_can_dump() -> None:
    assert capabilities.holds(PERCENT, 0.5)
    assert not capabilities.holds(PERCENT, "50%")


def test_type_without_mixins_is_never_a_reference() -> None:
    assert not may_be_reference(PERCENT)
    assert fetch_references(PERCENT, '{"url": "https://example.org"}', lambda _: None) is not None
