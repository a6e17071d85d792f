"""Where clauses as values of parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gpserverless.features.rows import Rows


@dataclass(frozen=True)
class SqlExpression:
    """A condition on the fields of a table or feature set: "POP > 1000 AND NAME LIKE 'A%'".

    It is parsed when it is made, and evaluated by `select`; no database ever sees it.

    Args:
        text: The condition, in standard SQL. Names of fields may stand in double quotation marks.
        now: The time that CURRENT_TIMESTAMP means, in milliseconds since 1970-01-01 UTC; a condition with
            it needs one.

    Raises:
        InvalidValue: The text is no condition, or uses SQL that is not supported.

    Example:
        >>> where = SqlExpression("depth > 10 AND name LIKE 'A%'")
        >>> SqlExpression("depth >")
        Traceback (most recent call last):
            ...
        gpserverless.errors.InvalidValue: the expression cannot be read from '>' at character 7 on
    """

    text: str
    now: int | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        from gpserverless.features.sql.parse import parse

        parse(self.text)

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields in the condition, in the order of their first use.

        Example:
            >>> where.fields
            ('depth', 'name')
        """
        from gpserverless.features.sql.parse import list_field_names, parse

        return list_field_names(parse(self.text))

    def select(self, rows: Rows) -> NDArray[np.bool_]:
        """Return the mask of rows for which the condition is true, shape (N,); unknown counts as false.

        Args:
            rows: A table or feature set.

        Raises:
            InvalidValue: A field is missing, its values are of another kind, or its name is a word of SQL.

        Example:
            >>> rows = Table().with_columns({"name": ["A1", "B1"], "depth": [12.5, 30.0]})
            >>> where.select(rows).tolist()
            [True, False]
        """
        return self._evaluate(rows, self.now)

    def check(self, rows: Any) -> None:
        """Raise unless the condition fits the fields of a table or feature set.

        Args:
            rows: A table or feature set.

        Raises:
            InvalidValue: A field is missing, or its values are of another kind.

        Example:
            >>> where.check(rows.without("depth"))
            Traceback (most recent call last):
                ...
            gpserverless.errors.InvalidValue: there is no field 'depth' at character 1
        """
        self._evaluate(rows.take([]), 0 if self.now is None else self.now)

    def _evaluate(self, rows: Rows, now: int | None) -> NDArray[np.bool_]:
        from gpserverless.features.sql.dates import bind_clock
        from gpserverless.features.sql.evaluate import evaluate
        from gpserverless.features.sql.parse import parse
        from gpserverless.features.sql.reserved import require_quotes

        require_quotes(self.text, (each.name for each in rows.fields))
        return evaluate(bind_clock(parse(self.text), now), rows)
