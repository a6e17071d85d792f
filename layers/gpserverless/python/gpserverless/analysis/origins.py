"""Features made from others: their attributes, and the object id of the feature that each comes from."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.inputs import find_shapes
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.values.counts import write_count

ORIGIN = "ORIG_FID"
"""Column of the object id of the feature that a new one comes from."""

Shapes = NDArray[np.object_]


def derive_features(
    features: FeatureSet[Any],
    rows: NDArray[np.int64],
    shapes: Shapes,
    geometry_type: str,
    watch: Watch,
) -> FeatureSet[Any]:
    """Return new features with the attributes of others and ORIG_FID, without their object ids.

    Args:
        features: The features that they come from.
        rows: Shape (M,), the feature that each new one comes from.
        shapes: Shape (M,), the new shapes.
        geometry_type: Esri name of their type.
        watch: Takes a warning if heights or measures are lost, or a column is replaced.
    """
    if any(field.name.lower() == ORIGIN.lower() for field in features.fields):
        watch.warn(f"The features had a field {ORIGIN}; its values were replaced.")
    watch.progress("Copying attributes")
    known = features.object_id_field
    ids = features.object_ids[rows]
    kept = features.without(ORIGIN, *(() if known is None else (known.name,))).take(rows)
    made = kept.with_geometries(shapes, geometry_type).with_columns({ORIGIN: ids})
    warn_of_ordinates(features, made, watch)
    return made


def rename_origin(made: FeatureSet[Any], name: str) -> FeatureSet[Any]:
    """Return features of `derive_features` with another name for ORIG_FID.

    Args:
        made: The features.
        name: The name.
    """
    return made.without(ORIGIN, name).with_columns({name: made.column(ORIGIN)})


def warn_of_ordinates(features: FeatureSet[Any], made: FeatureSet[Any], watch: Watch) -> None:
    """Warn if the shapes made have no heights or measures and the ones before had.

    Args:
        features: The features before.
        made: The features after; without any, nothing is lost.
        watch: Takes the warning.
    """
    if not len(made):
        return
    pairs = (("heights (z)", features.has_z, made.has_z), ("measures (m)", features.has_m, made.has_m))
    lost = [name for name, before, after in pairs if before and not after]
    if lost:
        watch.warn(f"The result has no {' and no '.join(lost)}; the features had.")


def drop_vanished(made: FeatureSet[Any], watch: Watch, reason: str) -> FeatureSet[Any]:
    """Return the features of which something is left; a warning counts the others.

    Args:
        made: The features after a change.
        watch: Takes the warning.
        reason: The end of the sentence: "is a point or a straight line".
    """
    left = find_shapes(made.geometries)
    gone = len(made) - int(left.sum())
    if not gone:
        return made
    watch.warn(f"{write_count(gone, 'shape was', 'shapes were')} left out, because each {reason}.")
    return made.take(left)
