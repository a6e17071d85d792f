"""What a tool's author writes, what the protocol gets, and how every mistake is answered at import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from shapely import LineString, Point, Polygon

from gpserverless import DataFile, FeatureSet, Field, Keywords, LinearUnit, Run, tool
from gpserverless.errors import AuthoringError
from gpserverless.protocols.gpserver.describe import parameter
from gpserverless.toolkit.tool import Tool


@dataclass(frozen=True)
class Measures:
    """The outputs."""

    count: Annotated[int, Field(description="How many zones.")]
    area: Annotated[float, Field(title="Total area", alias="total_area")]


@tool
def measure_zones(
    points: FeatureSet[Point],
    reach: LinearUnit,
    names: list[str],
    keep: Annotated[bool, Keywords("KEEP_ALL", "ONLY_INTERSECTING")] = True,
    side: Literal["FULL", "LEFT"] = "FULL",
    share: Annotated[float, Field(ge=0, le=100, title="Share in percent")] = 50.0,
    lines: Annotated[FeatureSet[LineString] | None, Field(max_length=10)] = None,
    *,
    run: Run,
) -> Measures:
    """Measure zones about points.

    The second paragraph is published too.

    Args:
        points: The places.
        reach: How far.
        names: What to call them.
        keep: Whether to keep empty ones.
        side: On which side.
        share: How much.
        lines: Something else.
    """
    run.info(f"{len(points)} points")
    return Measures(len(points), reach.metres * len(names) + share + keep + len(side) + len(lines or ""))


def describe_parameters(wanted: Tool[..., Any]) -> dict[str, dict[str, Any]]:
    return {p.name: parameter(p) for p in wanted.spec.parameters}


def test_example_of_a_parameter_is_kept_and_shown_to_no_client() -> None:
    @tool
    def dig(depth: Annotated[int, Field(examples=["5", 6])]) -> int:
        """Dig.

        Args:
            depth: How deep.
        """
        return depth

    assert dig.spec.inputs[0].example == "5"
    assert "example" not in describe_parameters(dig)["depth"]


def test_tool_stays_a_plain_function() -> None:
    nobody: FeatureSet[Point] = FeatureSet()
    assert measure_zones(nobody, LinearUnit(2), ["a"], run=Run()) == Measures(0, 57.0)


def test_docstring_is_the_description() -> None:
    assert measure_zones.spec.name == "MeasureZones"
    assert measure_zones.spec.title == "Measure Zones"
    assert (
        measure_zones.spec.description
        == "Measure zones about points.\n\nThe second paragraph is published too."
    )
    assert describe_parameters(measure_zones)["points"]["description"] == "The places."


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("points", "dataType", "GPFeatureRecordSetLayer"),
        ("points", "filter", {"type": "featureClass", "list": ["esriGeometryPoint"]}),
        ("points", "parameterType", "esriGPParameterTypeRequired"),
        ("points", "direction", "esriGPParameterDirectionInput"),
        ("reach", "dataType", "GPLinearUnit"),
        ("reach", "defaultValue", None),
        ("names", "dataType", "GPMultiValue:GPString"),
        ("keep", "dataType", "GPBoolean"),
        ("keep", "defaultValue", True),
        ("keep", "parameterType", "esriGPParameterTypeOptional"),
        ("side", "choiceList", ["FULL", "LEFT"]),
        ("side", "defaultValue", "FULL"),
        ("share", "displayName", "Share in percent"),
        ("share", "filter", {"type": "range", "minimum": 0, "maximum": 100}),
        ("lines", "parameterType", "esriGPParameterTypeOptional"),
        ("count", "direction", "esriGPParameterDirectionOutput"),
        ("count", "parameterType", "esriGPParameterTypeDerived"),
        ("count", "description", "How many zones."),
        ("total_area", "displayName", "Total area"),
        ("total_area", "dataType", "GPDouble"),
    ],
)
def test_signature_is_the_description(name: str, key: str, value: object) -> None:
    assert describe_parameters(measure_zones)[name][key] == value


def test_every_parameter_has_every_key_that_clients_need() -> None:
    needed = {"name", "dataType", "displayName", "description", "direction", "defaultValue", "parameterType"}
    for found in describe_parameters(measure_zones).values():
        assert needed <= found.keys()
        assert isinstance(found["description"], str)


def test_one_output_without_a_name_is_called_output() -> None:
    def copy(file: str) -> DataFile:
        """Copy.

        Args:
            file: Which.
        """
        raise AssertionError(file)

    assert [p.name for p in Tool(copy).spec.outputs] == ["output"]


def no_type(x) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    """Do.

    Args:
        x: It.
    """
    return int(x)


def unknown_type(x: complex) -> int:
    """Do.

    Args:
        x: It.
    """
    return int(x.real)


def no_docstring(x: int) -> int:
    return x


def stale_docstring(x: int) -> int:
    """Do.

    Args:
        x: It.
        y: Gone.
    """
    return x


def missing_line(x: int, y: int) -> int:
    """Do.

    Args:
        x: It.
    """
    return x + y


def python_keyword(x: Annotated[int, Field(alias="class")]) -> int:
    """Do.

    Args:
        x: It.
    """
    return x


def client_argument(future: int) -> int:
    """Do.

    Args:
        future: It.
    """
    return future


def option_spelled_otherwise(return_z: bool) -> bool:
    """Do.

    Args:
        return_z: It.
    """
    return return_z


def same_to_clients(AB: int, ab: int) -> int:  # noqa: N803
    """Do.

    Args:
        AB: It.
        ab: It.
    """
    return AB + ab


def dashed(x: Annotated[int, Field(alias="a-b")]) -> int:
    """Do.

    Args:
        x: It.
    """
    return x


def quoted_title(x: Annotated[int, Field(title='The "x"')]) -> int:
    """Do.

    Args:
        x: It.
    """
    return x


def backslash(x: int) -> int:
    r"""Read C:\Users.

    Args:
        x: It.
    """
    return x


def nothing_returned(x: int) -> None:
    """Do.

    Args:
        x: It.
    """


def wrong_example(x: Annotated[int, Field(examples=["many"])]) -> str:
    """Do.

    Args:
        x: It.
    """
    return str(x)


def wrong_default(x: Literal["a", "b"] = "c") -> str:  # type: ignore[assignment]
    """Do.

    Args:
        x: It.
    """
    return x


def limit_that_does_not_fit(x: Annotated[str, Field(ge=1)]) -> str:
    """Do.

    Args:
        x: It.
    """
    return x


def star(*x: int) -> int:
    """Do.

    Args:
        x: It.
    """
    return sum(x)


def twice(x: int) -> Annotated[FeatureSet[Polygon], Field(alias="X")]:
    """Do.

    Args:
        x: It.
    """
    raise AssertionError(x)


@pytest.mark.parametrize(
    ("function", "advice"),
    [
        (no_type, "parameter 'x' has no type; annotate it"),
        (unknown_type, "has no GP data type; use bool, int, float"),
        (no_docstring, "no docstring"),
        (stale_docstring, "describes 'y', which is no parameter; remove or rename it"),
        (missing_line, "does not describe 'y'; add it under Args:"),
        (python_keyword, "parameter 'class': use letters, digits and underscores, no Python keyword"),
        (client_argument, "parameter 'future': clients and the protocol use this name"),
        (option_spelled_otherwise, "parameter 'return_z': clients and the protocol use this name"),
        (same_to_clients, "'AB' and 'ab' are one name to some clients; rename one"),
        (dashed, "parameter 'a-b': use letters"),
        (quoted_title, "a title is one line without double quotation marks"),
        (backslash, "leave out backslashes"),
        (nothing_returned, "it returns nothing; annotate what it returns"),
        (wrong_example, "the example of 'x' is not a GPLong: 'many' is not a whole number"),
        (wrong_default, "the default of 'x' is not a GPString: 'c' is not one of the choices"),
        (limit_that_does_not_fit, "does not fit GPString"),
        (star, "*args and **kwargs cannot be published"),
        (twice, "'x' is an input and an output; give the output another alias"),
    ],
    ids=lambda x: getattr(x, "__name__", ""),
)
def test_every_mistake_is_an_error_that_says_what_to_do(function: Callable[..., Any], advice: str) -> None:
    with pytest.raises(AuthoringError) as caught:
        Tool(function)
    assert advice in str(caught.value)
    assert f"test_signature.py:{function.__code__.co_firstlineno}: tool '{function.__name__}'" in str(
        caught.value
    )
