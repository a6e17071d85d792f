"""The parameters that a request names: in the order of the tool, and none that it has not."""

from __future__ import annotations

import pytest

from gpserverless.errors import InvalidParameter
from gpserverless.http.request import read_request
from gpserverless.protocols.soap.operation import SoapRequest
from gpserverless.protocols.soap.operations.parameter_names import choose_parameters
from gpserverless.toolkit.spec import TaskSpec
from tests.protocols.soap.values.messages import make_parameter, parse

INPUTS = tuple(make_parameter(str, name) for name in ("Place", "Side"))
OUTPUTS = tuple(make_parameter(str, name, "output") for name in ("Area", "Length"))
TASK = TaskSpec("Measure", "Measure", "", INPUTS + OUTPUTS)


def ask(*names: str) -> SoapRequest:
    listed = "".join(f"<String>{name}</String>" for name in names)
    event = {"requestContext": {"http": {"method": "POST", "path": "/arcgis/services"}}, "rawPath": "/"}
    arguments = parse(f"<GetJobResult><ParameterNames>{listed}</ParameterNames></GetJobResult>")
    return SoapRequest(read_request(event, "https://a.example", reads_form=False), "S", "10.8", arguments)


CHOICES = [
    ((), ["Area", "Length"]),
    (("", " "), ["Area", "Length"]),
    (("length", " AREA "), ["Area", "Length"]),
    (("Place", "Length"), ["Length"]),
    (("Place",), []),
]


@pytest.mark.parametrize(("names", "chosen"), CHOICES)
def test_outputs_come_in_their_own_order_without_names_of_inputs(
    names: tuple[str, ...], chosen: list[str]
) -> None:
    assert [each.name for each in choose_parameters(TASK, "output", ask(*names))] == chosen


def test_a_name_of_no_parameter_is_refused_since_the_values_behind_it_would_move_up() -> None:
    with pytest.raises(InvalidParameter, match=r"'Lenght' is no parameter.*Area, Length"):
        choose_parameters(TASK, "output", ask("Lenght", "Area"))
