"""Features that meet a condition, looked for block by block."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpserverless.analysis.blocks import BLOCK, split_rows
from gpserverless.analysis.watch import Watch
from gpserverless.features.feature_set import FeatureSet
from gpserverless.features.sql.expression import SqlExpression


def choose_rows(features: FeatureSet[Any], where: SqlExpression, watch: Watch) -> NDArray[np.bool_]:
    """Return the mask of features that meet a condition, shape (N,); unknown counts as false.

    Args:
        features: The features.
        where: The condition.
        watch: Takes the progress.

    Raises:
        InvalidValue: A field is missing, or its values are of another kind.
    """
    if len(features) <= BLOCK:
        return where.select(features)
    chosen = np.zeros(len(features), bool)
    for rows in split_rows(len(features), watch, "Comparing values"):
        chosen[rows] = where.select(features.take(np.arange(rows.start, rows.stop)))
    return chosen
