"""Inputs of a job as they are shown: as they were sent, but never a secret."""

from __future__ import annotations

from typing import Any

import pytest

from gpserverless import DataFile, HiddenText
from gpserverless.calls.inputs import show_input
from gpserverless.datatypes.annotations import read_annotation
from gpserverless.toolkit.spec import Parameter

SHOWN: list[tuple[Any, str | None, Any, str, Any]] = [
    (int, "5", None, "GPLong", 5),
    (int, None, "7", "GPLong", 7),
    (int, None, None, "GPLong", None),
    (str, "a b", None, "GPString", "a b"),
    (HiddenText, "s3cret", None, "GPStringHidden", ""),
    (int, "wrong", None, "GPLong", "wrong"),
    (int, "https://a.example/?token=s3cret", None, "GPLong", None),
]


@pytest.mark.parametrize(("annotation", "raw", "default", "data_type", "value"), SHOWN)
def test_an_input_is_shown(
    annotation: Any, raw: str | None, default: Any, data_type: str, value: Any
) -> None:
    parameter = Parameter("Given", "", "", read_annotation(annotation).data_type, default=default)
    shown = show_input(parameter, {} if raw is None else {"Given": raw})
    assert (shown.data_type, shown.value) == (data_type, value)


def test_a_reference_is_shown_without_its_token() -> None:
    parameter = Parameter("Given", "", "", read_annotation(DataFile).data_type)
    shown = show_input(parameter, {"Given": '{"url": "https://a.example/a.csv?token=s3cret&x=1"}'})
    assert "s3cret" not in str(shown.value)
    assert "https://a.example/a.csv" in str(shown.value)
