"""Expressions that compute a value from the fields of each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpserverless.features.rows import Rows
    from gpserverless.features.sql.operands import Operand


@dataclass(frozen=True)
class ValueExpression:
    """An expression on the fields of a table or feature set: "POP / AREA".

    It is parsed when it is made; nothing of it is ever executed as code.

    Args:
        text: The expression, in standard SQL. Names of fields may stand in double quotation marks.
        now: The time that CURRENT_TIMESTAMP means, in milliseconds since 1970-01-01 UTC.

    Raises:
        InvalidValue: The text is no expression, or uses SQL that is not supported.
    """

    text: str
    now: int | None = None

    def __post_init__(self) -> None:
        from gpserverless.features.sql.parse import parse_value

        parse_value(self.text)

    def compute(self, rows: Rows) -> Operand:
        """Return the value of each row, shape (N,).

        Args:
            rows: A table or feature set.

        Raises:
            InvalidValue: A field is missing, or its values are of another kind.
        """
        from gpserverless.features.sql.dates import bind_clock
        from gpserverless.features.sql.evaluate import evaluate_value
        from gpserverless.features.sql.parse import parse_value

        return evaluate_value(bind_clock(parse_value(self.text), self.now), rows)
