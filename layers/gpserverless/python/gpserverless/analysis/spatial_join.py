"""Attributes of other features by their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gpserverless.analysis.edge_pieces import Indices
from gpserverless.analysis.field_mapping import FieldMapping, MappedField
from gpserverless.analysis.inputs import check_pairs
from gpserverless.analysis.merge_values import describe_copy, merge_values, pick_values
from gpserverless.analysis.relations import Matches
from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.fields import Field, distinguish_names
from gpserverless.features.rows import Column


@dataclass(frozen=True)
class JoinStyle:
    """The rows and fields of a join.

    Attributes:
        many: Whether each match is a row; else each target is one.
        keep_all: Whether targets without a match are kept.
        mapping: The fields and their merge rules; None for the first value of every field.
        distance_field: Name of the field with the distance; empty for none.
    """

    many: bool
    keep_all: bool
    mapping: FieldMapping | None = None
    distance_field: str = ""


@dataclass(frozen=True)
class _Rows:
    """The R rows of the output."""

    #: Shape (R,), the target of each.
    target: Indices
    #: Shape (M,), the row of each match, ascending.
    row: Indices
    #: Shape (M,), the joined feature of each match.
    other: Indices


def join_attributes(
    targets: FeatureSet[Any], others: FeatureSet[Any], matches: Matches, style: JoinStyle
) -> FeatureSet[Any]:
    """Return targets with the attributes of the features that they match.

    Args:
        targets: The targets.
        others: The joined features.
        matches: Their matches, by target and other.
        style: The rows and fields.

    Raises:
        InvalidParameter: The mapping names an unknown field, or a rule that the values do not allow.
    """
    if (np.diff(others.object_ids) < 0).any():  # else they are in this order already
        matches = matches.take(np.lexsort((others.object_ids[matches.other], matches.feature)))
    rows = _list_rows(len(targets), matches, style)
    counts = np.bincount(rows.row, minlength=len(rows.target))
    columns: list[tuple[Field | str, Column]] = [
        ("Join_Count", counts),
        ("TARGET_FID", targets.object_ids[rows.target]),
    ]
    if style.many:
        columns.append(("JOIN_FID", np.full(len(counts), -1)))
        columns[-1][1][rows.row] = others.object_ids[rows.other]
    columns += _map_fields(targets, others, rows, style.mapping)
    if style.distance_field:
        columns.append((style.distance_field, _find_distances(rows, matches)))
    return _assemble(targets.take(rows.target), columns)


def _list_rows(count: int, matches: Matches, style: JoinStyle) -> _Rows:
    matched = np.bincount(matches.feature, minlength=count)
    kept = np.flatnonzero((matched > 0) | style.keep_all)
    if not style.many:
        place = np.cumsum((matched > 0) | style.keep_all) - 1
        return _Rows(kept, place[matches.feature], matches.other)
    repeats = np.maximum(matched[kept], 1)
    check_pairs(int(repeats.sum()))
    target = np.repeat(kept, repeats)
    return _Rows(target, np.flatnonzero(matched[target] > 0), matches.other)


def _map_fields(
    targets: FeatureSet[Any], others: FeatureSet[Any], rows: _Rows, mapping: FieldMapping | None
) -> Iterable[tuple[Field, Column]]:
    if mapping is None or not mapping.complete:
        for field in _list_plain_fields(targets):
            yield field, targets.columns[field.name][rows.target]
    count = len(rows.target)
    if mapping is None:
        first = np.full(count, -1)
        first[rows.row[::-1]] = rows.other[::-1]
        for field in _list_plain_fields(others):
            yield describe_copy(field, field.name), pick_values(others.columns[field.name], first)
        return
    for mapped in mapping.fields:
        if _is_of_target(mapped, targets, others, mapping):
            yield merge_values(targets, mapped, rows.target, np.arange(count), count, "field_mapping")
        else:
            yield merge_values(others, mapped, rows.other, rows.row, count, "field_mapping")


def _list_plain_fields(features: FeatureSet[Any]) -> list[Field]:
    """Return the fields without that of the object ids."""
    return [field for field in features.fields if field != features.object_id_field]


def _is_of_target(
    mapped: MappedField, targets: FeatureSet[Any], others: FeatureSet[Any], mapping: FieldMapping
) -> bool:
    """Return whether a mapped field is one of the targets; the name of its layer decides, or the field's."""
    name, layer = mapped.field.lower(), mapped.layer.lower()
    of_target, of_other = (name in {f.name.lower() for f in each.fields} for each in (targets, others))
    if not (of_target if mapping.complete else False) and not of_other:
        known = {f.name: None for each in (targets, others) for f in each.fields}
        raise InvalidParameter("field_mapping", f"there is no field '{mapped.field[:60]}'", ", ".join(known))
    if not mapping.complete or not of_target:
        return False
    if of_other and ("target" in layer) == ("join" in layer):
        problem = f"both inputs have a field '{mapped.field[:60]}' and '{mapped.layer[:60]}' names neither"
        raise InvalidParameter("field_mapping", problem, "the layer target_features or join_features")
    return not of_other or "target" in layer


def _find_distances(rows: _Rows, matches: Matches) -> Column:
    """Return the distance of each row's closest match, -1 without one, shape (R,)."""
    least = np.full(len(rows.target), np.inf)
    if matches.distance is not None:
        np.minimum.at(least, rows.row, matches.distance)
    return np.where(np.isfinite(least), least, -1.0)


def _assemble(base: FeatureSet[Any], columns: list[tuple[Field | str, Column]]) -> FeatureSet[Any]:
    """Return features with the columns only; a name that is there twice gets a number."""
    names = distinguish_names([key if isinstance(key, str) else key.name for key, _ in columns])
    described = [
        describe_copy(key, name)
        for (key, _), name in zip(columns, names, strict=True)
        if isinstance(key, Field)
    ]
    values = {name: column for name, (_, column) in zip(names, columns, strict=True)}
    return base.only().with_columns(values, described)
