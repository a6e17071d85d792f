"""What is asked of each layer, in every form in which clients send it, and in none that says it twice."""

from __future__ import annotations

import time

import pytest

from gpserverless.errors import InvalidParameter
from gpserverless.http.layer_definitions import LayerDefinition, read_layer_definitions
from tests.patience import SOON

TWO = [LayerDefinition(0, {"where": "POP > 5"}), LayerDefinition(1, {"where": "NAME = 'A;B'"})]


@pytest.mark.parametrize(
    "text",
    [
        '{"0": "POP > 5", "1": "NAME = \'A;B\'"}',
        '{"0": {"where": "POP > 5"}, "1": {"definitionExpression": "NAME = \'A;B\'"}}',
        '[{"layerId": 0, "where": "POP > 5"}, {"layerId": "1", "where": "NAME = \'A;B\'"}]',
        "0:POP > 5;1:NAME = 'A;B'",
        " 0 : POP > 5 ; 1:NAME = 'A;B';",
    ],
)
def test_every_form(text: str) -> None:
    assert read_layer_definitions(text) == TWO


def test_fields_of_one_layer() -> None:
    asked = '[{"layerId": 2, "where": null, "outFields": ["A", "B"], "more": 1}]'
    assert read_layer_definitions(asked) == [LayerDefinition(2, {"where": "", "outFields": "A,B"})]


@pytest.mark.parametrize(
    "text",
    [
        "POP > 5",
        "x:POP > 5",
        "-1:POP > 5",
        "0:A = 1;0:B = 2",
        '{"0": "A = 1", "00": "B = 2"}',
        '[{"layerId": 0, "where": "A"}, 5]',
        '[{"where": "A"}]',
        '{"0": 5}',
        '{"0": "A = 1"',
        "{}",
        "[]",
        ";",
        str([{"layerId": number} for number in range(101)]).replace("'", '"'),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter) as refused:
        read_layer_definitions(text)
    assert refused.value.parameter == "layerDefs"


def test_a_long_text_takes_no_time() -> None:
    began = time.process_time()
    with pytest.raises(InvalidParameter):
        read_layer_definitions("0:" + "';" * 99_999)
    assert time.process_time() - began < SOON
