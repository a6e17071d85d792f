"""The fields that tell of neighbours."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from gpserverless.analysis.near import Neighbours
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet, Table

NONE = -1
"""Value of an id, a distance or an ordinate where nothing is near."""

NAMES = ("NEAR_FID", "NEAR_DIST", "NEAR_X", "NEAR_Y", "NEAR_ANGLE", "NEAR_FC")


def read_names(text: str | None) -> dict[str, str]:
    """Read other names of the fields.

    Args:
        text: `[["NEAR_FID", "TOWN"], …]` or `NEAR_FID TOWN;NEAR_DIST FAR`; None for no other names.

    Raises:
        InvalidParameter: It has another form, or names another field.
    """
    accepted = f"NEAR_FID NEW_NAME;NEAR_DIST OTHER_NAME, of {', '.join(NAMES)}"
    if text is None or not text.strip():
        return {}
    try:
        rows = json.loads(text) if text.lstrip().startswith("[") else [r.split() for r in text.split(";")]
    except (ValueError, RecursionError):
        raise InvalidParameter("field_names", "it is not JSON", accepted) from None
    names = {}
    for row in rows:
        if not isinstance(row, list) or len(row) != 2 or not all(isinstance(name, str) for name in row):
            raise InvalidParameter("field_names", "a row is not a pair of names", accepted)
        if row[0].upper() not in NAMES:
            raise InvalidParameter("field_names", f"there is no field '{row[0][:60]}'", accepted)
        names[row[0].upper()] = row[1]
    if len({name.lower() for name in names.values()}) < len(names):
        raise InvalidParameter("field_names", "two fields have the same name", accepted)
    return names


def add_near_fields(
    features: FeatureSet[Any], near: Neighbours, names: dict[str, str], *, location: bool, angle: bool
) -> FeatureSet[Any]:
    """Return features with the fields of their nearest neighbour; -1 where there is none, the angle 0.

    Args:
        features: The features.
        near: At most one neighbour each.
        names: Other names of the fields.
        location: Whether the place on the neighbour is told.
        angle: Whether the direction is told.
    """
    links, count = near.links, len(features)
    columns: dict[str, Any] = {"NEAR_FID": np.full(count, NONE), "NEAR_DIST": np.full(count, float(NONE))}
    columns["NEAR_FID"][links.source] = near.fid[links.target]
    columns["NEAR_DIST"][links.source] = links.distance
    if location:
        for number, name in enumerate(("NEAR_X", "NEAR_Y")):
            columns[name] = np.full(count, float(NONE))
            columns[name][links.source] = links.end[:, number]
    if angle:
        columns["NEAR_ANGLE"] = np.zeros(count)
        columns["NEAR_ANGLE"][links.source] = links.angle
    if len(near.layers) > 1:
        columns["NEAR_FC"] = np.full(count, "", object)
        columns["NEAR_FC"][links.source] = near.name_layers()
    named = {names.get(name, name): column for name, column in columns.items()}
    return features.without(*named).with_columns(named)


def make_near_table(features: FeatureSet[Any], near: Neighbours, *, location: bool, angle: bool) -> Table:
    """Return one row for each feature and neighbour.

    Args:
        features: The features.
        near: Their neighbours.
        location: Whether the places on both are told.
        angle: Whether the direction is told.
    """
    links = near.links
    columns: dict[str, Any] = {
        "IN_FID": features.object_ids[links.source],
        "NEAR_FID": near.fid[links.target],
        "NEAR_DIST": links.distance,
        "NEAR_RANK": links.rank(),
    }
    if location:
        places = np.column_stack([links.start, links.end])
        names = ("FROM_X", "FROM_Y", "NEAR_X", "NEAR_Y")
        columns |= {name: places[:, number] for number, name in enumerate(names)}
    if angle:
        columns["NEAR_ANGLE"] = links.angle
    if len(near.layers) > 1:
        columns["NEAR_FC"] = near.name_layers()
    return Table().with_columns(columns)
