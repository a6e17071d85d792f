"""Heights and measures that some vertices do not have, in answers of whole numbers.

JSON and GeoJSON write null, or nothing. A whole number on a grid cannot say so, and 0 would be a height.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from gpserverless.errors import InvalidParameter
from gpserverless.features.feature_set import FeatureSet
from gpserverless.protocols.featureserver.answers import RowsAnswer

_ACCEPTED = "false, or f=json without quantizationParameters, which writes null"


def leave_out_missing(answer: RowsAnswer) -> RowsAnswer:
    """Return an answer without the heights, or the measures, that none of its vertices has.

    Args:
        answer: The answer, which is to be written in whole numbers.

    Raises:
        InvalidParameter: Some of its vertices have one, and others do not.
    """
    rows, shaping = answer.rows, answer.shaping
    if not isinstance(rows, FeatureSet) or not (shaping.z or shaping.m):
        return answer
    ordinates = shapely.get_coordinates(rows.geometries, include_z=True, include_m=True)[:, 2:]
    has_z = shaping.z and _has_ordinate(ordinates[:, 0], "returnZ")
    has_m = shaping.m and _has_ordinate(ordinates[:, 1], "returnM")
    return replace(answer, shaping=replace(shaping, z=has_z, m=has_m))


def _has_ordinate(values: np.ndarray, name: str) -> bool:
    missing = np.isnan(values)
    if len(values) and missing.any() and not missing.all():
        noun = "height" if name == "returnZ" else "measure"
        known = f"{missing.sum():,} of the {len(values):,} vertices have no {noun}"
        problem = f"{known}, which the whole numbers of this format cannot say"
        raise InvalidParameter(name, problem, _ACCEPTED)
    return not len(values) or not missing.any()
