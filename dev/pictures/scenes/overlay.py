"""States under zones about airports, rivers under countries, and land under lakes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely

from dev.pictures.card import Scene
from dev.pictures.layers import Half, Layer, classes, fit, labels, land, list_rows, shapes, show, table
from dev.pictures.look import (
    AREA_STYLE,
    HUES,
    LINE_STYLE,
    OTHER_STYLE,
    PAPER,
    RESULT_LINE,
    RESULT_STYLE,
    SOFT_STYLE,
    Style,
)
from dev.pictures.sources import choose, cut, land_in, read_file, read_layer
from gpserverless import FeatureSet, LinearUnit, Run, SpatialReference
from toolboxes.analysis.append import append
from toolboxes.analysis.buffer import buffer
from toolboxes.analysis.clip import clip
from toolboxes.analysis.count_overlapping_features import count_overlapping_features
from toolboxes.analysis.dissolve import dissolve
from toolboxes.analysis.erase import erase
from toolboxes.analysis.identity import identity
from toolboxes.analysis.intersect import intersect
from toolboxes.analysis.merge import merge
from toolboxes.analysis.split import split
from toolboxes.analysis.sym_diff import sym_diff
from toolboxes.analysis.tabulate_intersection import tabulate_intersection
from toolboxes.analysis.union import union

_STATES, _EUROPE, _LAKES = SpatialReference(102003), SpatialReference(3035), SpatialReference(102008)
_ICELAND = SpatialReference(3057)
_NAMES = ("Utah", "Colorado", "Arizona", "New Mexico")
_ONE, _OTHER, _BOTH = (Style(colour, PAPER, 1.2, 0.8) for colour in (HUES[3], HUES[2], HUES[0]))


@cache
def _read_states() -> FeatureSet[Any]:
    return choose(read_layer("us_states"), "STATE_NAME", *_NAMES).project(_STATES)


@cache
def _make_zones() -> FeatureSet[Any]:
    airports = choose(read_layer("airports"), "IATA", "DEN", "SLC", "PHX", "ABQ", "LAS").project(_STATES)
    return buffer(airports, LinearUnit(200, "esriKilometers"), Run())


def _show_states(title: str, names: str, text: str, *result: Layer) -> Scene:
    """Return the scene of four states and five zones."""
    states, zones = _read_states(), _make_zones()
    given = [shapes(states, SOFT_STYLE, "a state"), shapes(zones, AREA_STYLE, "a zone about an airport")]
    bounds = fit(np.append(states.geometries, zones.geometries))
    return show(title, bounds, Half(names, "", given), Half("out_feature_class", text, result))


def _tell_sides(parts: FeatureSet[Any], other: str) -> Layer:
    """Return the parts in the colours of the layers that they are from."""
    sides = (parts.numbers("FID_in_features") >= 0) + 2 * (parts.numbers(other) >= 0)
    looks = {1: (_ONE, "in a state"), 2: (_OTHER, "in a zone"), 3: (_BOTH, "in both")}
    return classes(parts, sides, looks)


def make_intersect() -> Scene:
    """Return the scene of Analysis/Intersect."""
    parts = intersect([_read_states(), _make_zones()], Run())
    result = shapes(_read_states(), SOFT_STYLE), shapes(parts, _BOTH, "a part in both")
    title = (
        f"Four states of the USA and zones of 200 km about five airports, and the {len(parts)} parts in both"
    )
    return _show_states(title, "in_features", f"{len(parts)} parts", *result)


def make_union() -> Scene:
    """Return the scene of Analysis/Union."""
    parts = union([_read_states(), _make_zones()], Run())
    result = _tell_sides(parts, "FID_in_features_1")
    title = "Four states of the USA and zones about five airports, and all the parts into which both divide"
    return _show_states(title, "in_features", f"{len(parts)} parts", result)


def make_identity() -> Scene:
    """Return the scene of Analysis/Identity."""
    parts = identity(_read_states(), _make_zones(), Run())
    result = _tell_sides(parts, "FID_identity_features")
    title = "Four states of the USA and zones about five airports, and the states divided by the zones"
    return _show_states(title, "in_features, identity_features", f"{len(parts)} parts", result)


def make_sym_diff() -> Scene:
    """Return the scene of Analysis/SymDiff."""
    parts = sym_diff(_read_states(), _make_zones(), Run())
    result = _tell_sides(parts, "FID_update_features")
    title = (
        "Four states of the USA and zones about five airports, and the parts that are in one of both alone"
    )
    return _show_states(title, "in_features, update_features", f"{len(parts)} parts", result)


def make_tabulate_intersection() -> Scene:
    """Return the scene of Analysis/TabulateIntersection."""
    states, zones = _read_states(), _make_zones()
    tabulated = tabulate_intersection(
        *(states, ["STATE_NAME"], zones, Run()), class_fields=["IATA"], out_units="SQUARE_KILOMETERS"
    )
    columns = ("STATE_NAME", "IATA", "AREA", "PERCENTAGE")
    names = states.column("STATE_NAME")
    given = [
        shapes(states, SOFT_STYLE, "a state"),
        shapes(zones, AREA_STYLE, "a zone about an airport"),
        labels(zones, zones.column("IATA")),
        labels(_find_room(states.geometries - shapely.union_all(zones.geometries)), names, size=11),
    ]
    return show(
        "Four states of the USA and zones about five airports, and a table of their areas in each state",
        fit(np.append(states.geometries, zones.geometries)),
        Half("in_zone_features, in_class_features", "", given),
        table("out_table", "square kilometres, percent", columns, list_rows(tabulated, columns, 10)),
    )


def _find_room(areas: Any) -> Any:
    """Return the middle of the largest circle in each area."""
    return shapely.get_point(shapely.maximum_inscribed_circle(areas, 5_000), 0)


def make_clip() -> Scene:
    """Return the scene of Analysis/Clip."""
    rivers = cut(read_layer("ne_rivers_50m"), (-10, 36, 30, 60)).project(_EUROPE)
    countries = choose(read_layer("world_countries"), "ISO_A3", "DEU", "POL", "CZE").project(_EUROPE)
    clipped = clip(rivers, countries, Run())
    ground = land(land_in(_EUROPE, (-10, 36, 35, 65)))
    return show(
        "Rivers of central Europe and three countries, and the parts of the rivers inside these countries",
        fit(countries, 0.2),
        Half(
            "in_features, clip_features",
            "",
            [ground, shapes(countries, OTHER_STYLE, "an area", 0.8), shapes(rivers, LINE_STYLE, "a river")],
        ),
        Half(
            "out_feature_class",
            "the parts inside",
            [
                ground,
                shapes(countries, SOFT_STYLE, detail=0.8),
                shapes(clipped, RESULT_LINE, "a part of a river"),
            ],
        ),
    )


def make_erase() -> Scene:
    """Return the scene of Analysis/Erase."""
    countries = choose(read_file("countries"), "ISO_A3", "USA", "CAN")
    around = cut(countries, (-100, 36, -68, 52)).project(_LAKES)
    lakes = cut(read_file("lakes"), (-98, 38, -70, 51)).project(_LAKES)
    erased = erase(around, lakes, Run())
    return show(
        "The USA and Canada about the Great Lakes, and the same countries without the areas of the lakes",
        (-130_000.0, 230_000.0, 1_550_000.0, 1_406_000.0),
        Half(
            "in_features, erase_features",
            "",
            [shapes(around, SOFT_STYLE, "a country"), shapes(lakes, OTHER_STYLE, "a lake")],
        ),
        Half("out_feature_class", "without the lakes", [shapes(erased, RESULT_STYLE, "what is left")], PAPER),
    )


def make_split() -> Scene:
    """Return the scene of Analysis/Split."""
    names = ("FRA", "DEU", "ITA", "ESP", "POL")
    rivers = cut(read_layer("ne_rivers_50m"), (-10, 36, 30, 60)).project(_EUROPE)
    near = cut(read_layer("world_countries"), (-10, 36, 30, 60))
    countries = choose(near, "ISO_A3", *names).project(_EUROPE)
    parts = split(rivers, countries, "ISO_A3", Run())
    looks = {
        name: (Style(stroke=HUES[index], width=2), name)
        for index, name in zip((1, 0, 4, 3, 2), names, strict=True)
    }
    ground = land(land_in(_EUROPE, (-20, 30, 45, 65)), 1.2)
    return show(
        "Rivers and five countries of Europe, and the parts of the rivers by the country in which they lie",
        fit(countries, 0.02),
        Half(
            "in_features, split_features",
            "",
            [ground, shapes(countries, OTHER_STYLE, "a country", 0.8), shapes(rivers, LINE_STYLE, "a river")],
        ),
        Half("out_feature_class", "by split_field", [ground, classes(parts, parts.column("ISO_A3"), looks)]),
    )


def make_count_overlapping() -> Scene:
    """Return the scene of Analysis/CountOverlappingFeatures."""
    airports = choose(read_layer("airports"), "COUNTRY", "IS").project(_ICELAND)
    zones = buffer(airports, LinearUnit(110, "esriKilometers"), Run())
    parts = count_overlapping_features([zones], Run()).out_feature_class
    counts = parts.numbers("COUNT_").astype(int)
    tints = ("#d2e9e4", "#a9d5cb", "#7fc0b3", "#459f8f", "#0b6b5d", "#064239")
    looks = {count + 1: (Style(tint, PAPER, 0.6), str(count + 1)) for count, tint in enumerate(tints)}
    ground = land(land_in(_ICELAND, (-26, 62, -12, 68)))
    return show(
        "Zones of 110 km about the airports of Iceland, and the number of zones that cover each part of them",
        fit(zones, 0.02),
        Half("in_features", f"{len(zones)} zones", [ground, shapes(zones, AREA_STYLE, "a zone")]),
        Half("out_feature_class", "COUNT_", [ground, classes(parts, counts, looks)]),
    )


def _read_counties(*states: str) -> FeatureSet[Any]:
    return choose(read_layer("us_counties"), "STATE_NAME", *states).project(_STATES)


def make_merge() -> Scene:
    """Return the scene of Analysis/Merge."""
    one, other = _read_counties("Vermont"), _read_counties("New Hampshire")
    merged = merge([one, other], Run())
    return show(
        "The counties of Vermont and those of New Hampshire, two layers, and all of them as one layer",
        fit(merged),
        Half(
            "inputs",
            "two layers",
            [shapes(one, _ONE, f"{len(one)} features"), shapes(other, _OTHER, f"{len(other)} features")],
        ),
        Half("output", "one layer", [shapes(merged, RESULT_STYLE, f"{len(merged)} features")]),
    )


def make_append() -> Scene:
    """Return the scene of Analysis/Append."""
    target, more = _read_counties("Nevada"), _read_counties("Utah")
    updated = append([more], target, Run())
    return show(
        "The counties of Nevada as a target, those of Utah as input, and the target with both",
        fit(updated),
        Half(
            "inputs, target",
            "",
            [shapes(more, _OTHER, f"inputs: {len(more)}"), shapes(target, _ONE, f"target: {len(target)}")],
        ),
        Half("updated target", "", [shapes(updated, _ONE, f"{len(updated)} features")]),
    )


def make_dissolve() -> Scene:
    """Return the scene of Analysis/Dissolve."""
    names = ("Maine", "New Hampshire", "Vermont", "Massachusetts", "Connecticut", "Rhode Island", "New York")
    counties = _read_counties(*names)
    states = dissolve(counties, Run(), dissolve_field=["STATE_NAME"])
    return show(
        f"The {len(counties)} counties of New England and New York, and their {len(states)} states",
        fit(counties, 0.03),
        Half("in_features", f"{len(counties)} counties", [shapes(counties, AREA_STYLE, "a county")]),
        Half(
            "out_feature_class",
            f"{len(states)} states, each in a colour",
            [
                classes(
                    *(states, np.arange(len(states))),
                    {index: (Style(HUES[index], PAPER, 1, 0.8), "") for index in range(len(states))},
                ),
            ],
        ),
    )
