"""Inputs of a job: as they were sent, with their types, and never a secret."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless import HiddenText
from gpserverless.protocols.soap.operations.input_values import make_input_node
from tests.protocols.soap.values.messages import make_parameter, send

SHOWN: list[tuple[Any, dict[str, str], str, str | None]] = [
    (int, {"Given": "5"}, "GPLong", "5"),
    (int, {}, "GPLong", None),
    (int, {"Given": "wrong"}, "GPString", "wrong"),
    (HiddenText, {"Given": "s3cret"}, "GPString", ""),
]


@pytest.mark.parametrize(("annotation", "values", "type_name", "text"), SHOWN)
def test_an_input_is_given_back(
    annotation: Any, values: dict[str, str], type_name: str, text: str | None
) -> None:
    shown = send(make_input_node(make_parameter(annotation), values))
    assert (shown.type_name, shown.read_text("Value")) == (type_name, text)
