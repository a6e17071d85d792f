"""What an author writes beside a type: what the protocol gets of it, and how mistakes are answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import orjson
import pytest
from shapely import Point

import gpserverless
from gpserverless import (
    ArealUnit,
    AttributeField,
    Category,
    DataFile,
    Declared,
    Extent,
    FeatureSet,
    Field,
    FieldOf,
    FileTypes,
    HiddenText,
    Keywords,
    Labels,
    Layers,
    SpatialReference,
    SqlExpression,
    Table,
    tool,
)
from gpserverless.datatypes.annotations import read_annotation
from gpserverless.datatypes.base import LoadOptions
from gpserverless.errors import AuthoringError, InvalidParameter, InvalidValue
from gpserverless.protocols.gpserver.describe import parameter
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.limits import Limits
from gpserverless.toolkit.spec import ServiceSpec, TaskSpec
from gpserverless.toolkit.values import load_values

PLACES = "toolboxes/conformance/_tasks/places.json"
HERE = FeatureSet.of([Point(1, 2)], SpatialReference(4326), {"NAME": ["here"]})


@dataclass(frozen=True)
class Statistic:
    """One line of a statistics table."""

    field: Annotated[str, Field(alias="Field")]
    kind: Literal["SUM", "MEAN"] = "SUM"


class Weighted(TypedDict):
    """A name with a weight."""

    name: str
    weight: NotRequired[float]


@tool
def pick_places(  # noqa: PLR0917 - as many as there are things to show
    points: Annotated[FeatureSet[Point], Layers({"Places": PLACES}), Category("Input")],
    where: Annotated[SqlExpression | None, FieldOf("points")] = None,
    field: Annotated[AttributeField | None, FieldOf("points", "esriFieldTypeString")] = None,
    more: FeatureSet[Point] = HERE,
    statistics: list[Statistic] = [Statistic("POP")],  # noqa: B006 - a default of the wire, never changed
    weights: list[Weighted] | None = None,
    key: HiddenText | None = None,
    size: Annotated[ArealUnit | int | None, Declared("GPComposite")] = 5,
    side: Annotated[Literal["L", "R"], Labels({"L": "Left", "R": "Right"})] = "L",
    *,
    extent: Annotated[Extent | None, Declared("GPEnvelope")] = None,
) -> Annotated[DataFile, FileTypes("zip", "CSV")]:
    """Pick places.

    Args:
        points: The places.
        where: Which of them.
        field: What to call them.
        more: Others.
        statistics: What to count.
        weights: How much they count.
        key: A password.
        size: How large.
        side: On which side.
        extent: Where.
    """
    raise NotImplementedError


def describe_parameters() -> dict[str, dict[str, Any]]:
    """Return the parameters as a light function describes them, from the catalogue file."""
    spec = pick_places.spec
    service = ServiceSpec("Test", "", "sync", Limits.sync(), (spec,))
    document = orjson.loads(orjson.dumps(service.to_document()))
    again: TaskSpec = ServiceSpec.from_document(document).tasks[0]
    assert again == spec
    return {p.name: parameter(p) for p in again.parameters}


def test_layers_are_choices_beside_features_of_ones_own() -> None:
    points = describe_parameters()["points"]
    assert points["choiceList"] == ["Places"]
    assert points["filter"] == {"type": "featureClass", "list": ["esriGeometryPoint"]}
    assert points["category"] == "Input"


def test_fields_and_conditions_say_what_they_depend_on() -> None:
    found = describe_parameters()
    assert (found["where"]["dataType"], found["where"]["dependency"]) == ("GPSQLExpression", "points")
    assert (found["field"]["dataType"], found["field"]["dependency"]) == ("Field", "points")
    assert found["field"]["filter"] == {"type": "field", "list": ["esriFieldTypeString"]}
    assert "dependency" not in found["points"]


def test_defaults_of_every_kind_are_shown() -> None:
    found = describe_parameters()
    assert found["more"]["defaultValue"]["features"][0]["attributes"]["NAME"] == "here"
    assert found["statistics"]["defaultValue"] == [["POP", "SUM"]]
    assert found["size"]["defaultValue"] == {"dataType": "GPLong", "value": 5}
    assert found["weights"]["defaultValue"] is None
    assert found["points"]["defaultValue"]["features"] == []
    assert found["key"]["defaultValue"] is None


def test_columns_members_and_labels_are_described() -> None:
    found = describe_parameters()
    assert found["statistics"]["parameterInfos"] == [
        {"name": "Field", "dataType": "GPString", "displayName": "Field"},
        {"name": "kind", "dataType": "GPString", "displayName": "kind", "choiceList": ["SUM", "MEAN"]},
    ]
    assert [i["dataType"] for i in found["size"]["parameterInfos"]] == ["GPArealUnit", "GPLong"]
    assert [c["name"] for c in found["side"]["filter"]["list"]] == ["Left", "Right"]
    assert found["extent"]["dataType"] == "GPEnvelope"
    assert found["output"]["filter"] == {"type": "file", "list": ["zip", "csv"]}


def load(**values: Any) -> dict[str, Any]:
    texts = {n: v if isinstance(v, str) else orjson.dumps(v).decode() for n, v in values.items()}
    return load_values(pick_places.spec, Call("Test", "PickPlaces", texts), Limits.sync())


def test_layer_is_named_and_its_fields_are_known() -> None:
    found = load(points="Places", where="NAME LIKE 'G%'", field="name")
    assert len(found["points"]) == 2
    assert found["where"].select(found["points"]).tolist() == [True, False]
    assert found["field"].type == "esriFieldTypeString"
    assert found["more"].column("NAME").tolist() == ["here"]
    assert found["statistics"] == [Statistic("POP")]
    assert found["size"] == 5


def test_rows_become_what_the_author_wrote() -> None:
    found = load(points="Places", statistics=[["A", "mean"], ["B", None]], weights=[["a", 1], ["b", None]])
    assert found["statistics"] == [Statistic("A", "MEAN"), Statistic("B")]
    assert found["weights"] == [{"name": "a", "weight": 1.0}, {"name": "b"}]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"points": "Nowhere"}, "Parameter 'points': 'Nowhere' is not one of the layers."),
        (
            {"points": "Places", "where": "POP > 1"},
            "Parameter 'where': there is no field 'POP' at",
        ),
        ({"points": "Places", "field": "POP"}, "Parameter 'field': there is no field 'POP'."),
        ({"points": "Places", "field": "OBJECTID"}, "Parameter 'field': there is no field 'OBJECTID'."),
    ],
)
def test_values_that_do_not_go_together_are_named(values: dict[str, Any], problem: str) -> None:
    with pytest.raises(InvalidParameter) as caught:
        load(**values)
    assert caught.value.details[0].startswith(problem)


def test_where_only_layers_are_accepted_features_are_not() -> None:
    kind = read_annotation(Annotated[FeatureSet[Point], Layers({"Places": PLACES}, only=True)]).data_type
    assert kind.echo("Places") == "Places"
    assert len(kind.load("Places", LoadOptions())) == 2
    with pytest.raises(InvalidValue) as caught:
        kind.load('{"features":[]}', LoadOptions())
    assert caught.value.accepted == "one of the layers Places"
    assert kind.fetch_references('{"url":"https://example.org"}', lambda _: None) is not None


WRONG = [
    (Annotated[str, Keywords("A", "B")], "Keywords does not belong to GPString"),
    (Annotated[str, Labels({"a": "A"})], "Labels does not belong to GPString"),
    (Annotated[Literal["a"], Labels({"b": "B"})], "Labels names 'b', which is no choice"),
    (Annotated[str, Declared("GPComposite")], "GPString cannot be declared as GPComposite"),
    (Annotated[int | str, Declared("GPExtent")], "GPString cannot be declared as GPExtent"),
    (Annotated[str, FieldOf("x")], "FieldOf does not belong to GPString"),
    (
        Annotated[AttributeField, FieldOf("x", "Double")],
        "FieldOf names 'Double', which is no field type",
    ),
    (Annotated[AttributeField, FieldOf("nope")], "FieldOf names 'nope', which is no parameter with features"),
    (Annotated[AttributeField, FieldOf("x")], "FieldOf names 'x', which is no parameter with features"),
    (Annotated[Table, Layers({"A": PLACES})], "Layers does not belong to GPRecordSet"),
    (
        Annotated[FeatureSet[Point], Layers({"A": "toolboxes/none.json"})],
        "not below the import path",
    ),
    (Annotated[FeatureSet[Point], Layers({"A": "nowhere/none.json"})], "not below the import path"),
    (Annotated[DataFile, FileTypes(".zip")], "FileTypes takes extensions of letters and digits"),
    (Annotated[str, FileTypes("zip")], "FileTypes does not belong to GPString"),
    (Annotated[str, Category('a "b"')], "the category of 'x'"),
    (list[list[int]], "a list cannot hold lists"),
    (list[list[Statistic]], "a list cannot hold lists"),
    (list[dict], "has no GP data type"),
]


@pytest.mark.parametrize(("annotation", "problem"), WRONG)
def test_marker_that_does_not_fit_is_refused_at_import(annotation: Any, problem: str) -> None:
    def wrong(x: Any) -> int:
        """Do.

        Args:
            x: It.
        """
        return 0

    wrong.__annotations__["x"] = annotation
    with pytest.raises(AuthoringError) as caught:
        tool(wrong)
    assert problem in str(caught.value)


@dataclass(frozen=True)
class Nested:
    """A row that holds a list."""

    names: list[str]


@dataclass(frozen=True)
class Strange:
    """A row of something that has no data type."""

    thing: Callable[[], None]


def test_cells_hold_one_value() -> None:
    with pytest.raises(AuthoringError, match="column 'names': a cell holds one value, not a GPMultiValue"):
        read_annotation(list[Nested])
    with pytest.raises(AuthoringError, match="column 'thing': the type"):
        read_annotation(list[Strange])


def test_what_is_hidden_has_no_default() -> None:
    def wrong(x: HiddenText = HiddenText("hunter2")) -> int:  # noqa: B008
        """Do.

        Args:
            x: It.
        """
        return 0

    with pytest.raises(AuthoringError, match="'x' is hidden and cannot have a default") as caught:
        tool(wrong)
    assert "hunter2" not in str(caught.value)


def test_front_door_has_every_name() -> None:
    assert all(getattr(gpserverless, name) is not None for name in gpserverless.__all__)
