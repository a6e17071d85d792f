"""Conditions on groups: a figure such as SUM(POP) becomes a column of a condition of `features.sql`."""

from __future__ import annotations

import re

from gpserverless.errors import InvalidValue
from gpserverless.featurelayers.query import Statistic
from gpserverless.features.feature_set import Table
from gpserverless.features.sql.scan import MAX_LENGTH

_FIGURE = re.compile(
    r"""(?P<quoted>'[^']*+'|"[^"]*+")
    |\b(?P<type>count|sum|min|max|avg|stddev|var)\s*+\(\s*+
     (?:(?P<name>[^\W\d]\w*+|\*)|"(?P<title>[^"]++)")\s*+\)""",
    re.VERBOSE | re.IGNORECASE,
)


def find_figures(having: str) -> tuple[str, tuple[Statistic, ...]]:
    """Return a condition with a name in the place of each figure, and the figures of these names.

    Args:
        having: The condition.

    Raises:
        InvalidValue: It is too long.
    """
    if len(having) > MAX_LENGTH:
        raise InvalidValue(
            f"the condition on groups has {len(having):,} characters", f"at most {MAX_LENGTH:,}"
        )
    figures: dict[tuple[str, str], Statistic] = {}

    def name_figure(found: re.Match[str]) -> str:
        if found["quoted"]:
            return found[0]
        kind, field = found["type"].lower(), found["name"] or found["title"]
        name = f"{kind} of {field}"
        return f'"{figures.setdefault((kind, field.upper()), Statistic(kind, field, name)).name}"'

    text = _FIGURE.sub(name_figure, having)
    return text, tuple(figures.values())


def select_groups(groups: Table, having: str, now: int | None = None) -> Table:
    """Return the groups for which a condition is true.

    Args:
        groups: Columns of values and figures.
        having: The condition, "" for none.
        now: The time that CURRENT_TIMESTAMP means in it, in milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidValue: It is no condition on these columns.
    """
    from gpserverless.features.sql.expression import SqlExpression

    return groups.take(SqlExpression(having, now).select(groups)) if having.strip() else groups
