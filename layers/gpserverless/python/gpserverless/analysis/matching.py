"""Features that match others, by relation or by distance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from gpserverless.analysis.inputs import align, find_shapes, repair
from gpserverless.analysis.near import NeighbourQuery, find_neighbours
from gpserverless.analysis.relations import Matches, find_matches, measure_overlaps
from gpserverless.analysis.search_radius import resolve_radius
from gpserverless.analysis.watch import Watch
from gpserverless.errors import InvalidParameter, MissingParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.counts import write_count
from gpserverless.values.units import LinearUnit

_BY_DISTANCE = frozenset({"WITHIN_A_DISTANCE", "WITHIN_A_DISTANCE_GEODESIC", "CLOSEST", "CLOSEST_GEODESIC"})
_WITH_RADIUS = frozenset({*_BY_DISTANCE, "INTERSECT"})


@dataclass(frozen=True)
class Matching:
    """The relation in which features match.

    Attributes:
        relation: One of `RELATIONS`, WITHIN_A_DISTANCE, CLOSEST, both also with _GEODESIC, or
            LARGEST_OVERLAP.
        parameter: Name of its parameter.
        radius: Longest distance; None, or 0, for none.
        radius_parameter: Name of its parameter.
    """

    relation: str
    parameter: str
    radius: LinearUnit | None
    radius_parameter: str

    @property
    def has_distance(self) -> bool:
        """Whether the distance of each match is known."""
        return self.relation in _BY_DISTANCE or self._has_radius

    @property
    def _has_radius(self) -> bool:
        return self.radius is not None and self.radius.distance != 0

    def find(self, features: FeatureSet[Any], others: FeatureSet[Any], watch: Watch) -> Matches:
        """Return the pairs of features and others that match.

        Args:
            features: The features.
            others: The others, in any spatial reference.
            watch: Takes warnings and progress.

        Raises:
            InvalidParameter: A radius is missing, or is not for this relation.
        """
        if self._has_radius and self.relation not in _WITH_RADIUS:
            raise InvalidParameter(self.radius_parameter, f"it is not for {self.relation}", "no radius")
        if self.has_distance:
            return self._find_near(features, others, watch)
        features, others = repair(features, watch), repair(align(others, features, watch), watch)
        for each in (features, others):
            _warn_of_shapeless(each, watch)
        watch.progress("Looking for matches")
        if self.relation == "LARGEST_OVERLAP":
            return _find_largest(features, others, self.parameter, watch)
        return find_matches(features, others, self.relation, self.parameter, watch)

    def _find_near(self, features: FeatureSet[Any], others: FeatureSet[Any], watch: Watch) -> Matches:
        if not self._has_radius and not self.relation.startswith("CLOSEST"):
            raise MissingParameter(self.radius_parameter, "a distance above 0")
        radius = self.radius if self._has_radius else None
        geodesic = self.relation.endswith("_GEODESIC")
        reach = resolve_radius(features, radius, self.radius_parameter, geodesic=geodesic, watch=watch)
        count = 1 if self.relation.startswith("CLOSEST") else None
        found = find_neighbours(features, [others], NeighbourQuery(reach, count, own=True), watch)
        other = found.row[found.links.target]
        order = np.lexsort((other, found.links.source))
        return Matches(found.links.source, other, found.links.distance).take(order)


def _warn_of_shapeless(features: FeatureSet[Any], watch: Watch) -> None:
    missing = len(features) - int(find_shapes(features.geometries).sum())
    if missing:
        one, many = "feature without a shape matches nothing.", "features without a shape match nothing."
        watch.warn(write_count(missing, one, many))


def _find_largest(
    features: FeatureSet[Any], others: FeatureSet[Any], parameter: str, watch: Watch
) -> Matches:
    """Return the match of the largest common part of each feature; of equal ones the lowest object id."""
    matches = find_matches(features, others, "INTERSECT", parameter, watch)
    size = measure_overlaps(features, others, matches, watch)
    order = np.lexsort((others.object_ids[matches.other], -size, matches.feature))
    first = np.unique(matches.feature[order], return_index=True)[1]
    return matches.take(order[first])
