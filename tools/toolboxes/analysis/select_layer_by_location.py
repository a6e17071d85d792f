"""Features chosen by their place."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np

from gpserverless import FeatureSet, Field, Keywords, LinearUnit, Run, ToolError, tool
from gpserverless.analysis.matching import Matching
from toolboxes.analysis._examples import ZONES

OverlapType = Literal[
    "INTERSECT",
    "WITHIN_A_DISTANCE",
    "WITHIN_A_DISTANCE_GEODESIC",
    "CONTAINS",
    "COMPLETELY_CONTAINS",
    "CONTAINS_CLEMENTINI",
    "WITHIN",
    "COMPLETELY_WITHIN",
    "WITHIN_CLEMENTINI",
    "ARE_IDENTICAL_TO",
    "BOUNDARY_TOUCHES",
    "SHARE_A_LINE_SEGMENT_WITH",
    "CROSSED_BY_THE_OUTLINE_OF",
    "HAVE_THEIR_CENTER_IN",
]
SelectionType = Literal[
    "NEW_SELECTION", "ADD_TO_SELECTION", "REMOVE_FROM_SELECTION", "SUBSET_SELECTION", "SWITCH_SELECTION"
]


@dataclass(frozen=True)
class SelectLayerByLocationOutputs:
    """The outputs of SelectLayerByLocation."""

    out_layer_or_view: Annotated[FeatureSet[Any], Field(description="The features chosen.")]
    count: Annotated[int, Field(description="Their number.")]


@tool
def select_layer_by_location(
    in_layer: FeatureSet[Any],
    run: Run,
    overlap_type: OverlapType = "INTERSECT",
    select_features: Annotated[FeatureSet[Any] | None, Field(examples=[ZONES])] = None,
    search_distance: LinearUnit | None = None,
    selection_type: SelectionType = "NEW_SELECTION",
    invert_spatial_relationship: Annotated[bool, Keywords("INVERT", "NOT_INVERT")] = False,
) -> SelectLayerByLocationOutputs:
    """Choose the features that lie in, about or near others.

    The features chosen are returned as they are, in their order; the others are left out. A feature that
    matches several others is there once. The types are those of SpatialJoin, seen from in_layer.

    Args:
        in_layer: The features to choose from.
        overlap_type: How a feature must lie to one of select_features.
        select_features: The features that choose, in any spatial reference.
        search_distance: Longest distance, of WITHIN_A_DISTANCE and INTERSECT. A length on longitudes and
            latitudes is measured on the ellipsoid.
        selection_type: NEW_SELECTION, or SUBSET_SELECTION, which means the same of features without a
            selection; the others are refused.
        invert_spatial_relationship: Whether the features that do not match are chosen.
    """
    if selection_type not in ("NEW_SELECTION", "SUBSET_SELECTION"):
        raise ToolError(
            f"selection_type {selection_type} needs a selection, and features come without one. "
            "Accepted: NEW_SELECTION, SUBSET_SELECTION."
        )
    if select_features is None:
        raise ToolError("select_features is needed: the features that choose.")
    matching = Matching(overlap_type, "overlap_type", search_distance, "search_distance")
    matches = matching.find(in_layer, select_features, run)
    chosen = np.bincount(matches.feature, minlength=len(in_layer)) > 0
    kept = in_layer.take(~chosen if invert_spatial_relationship else chosen)
    return SelectLayerByLocationOutputs(kept, len(kept))
