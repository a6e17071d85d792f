"""The value of a parameter that is a where clause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gpserverless.features.rows import Rows


@dataclass(frozen=True)
class SqlExpression:
    """A condition on the fields of a table or feature set: "POP > 1000 AND NAME LIKE 'A%'".

    It is parsed when it is made, and never handed to a database: `select` evaluates it itself.

    Args:
        text: The condition, in standard SQL. Fields are named as they are or in double quotation marks.

    Raises:
        InvalidValue: The text is no condition, or uses something that is not understood.
    """

    text: str

    def __post_init__(self) -> None:
        from gpserverless.features.sql.parse import parse

        parse(self.text)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields it asks for, in the order of their first use."""
        from gpserverless.features.sql.parse import list_field_names, parse

        return list_field_names(parse(self.text))

    def select(self, rows: Rows) -> NDArray[np.bool_]:
        """Return for which rows the condition is true, shape (N,); where it is unknown (null) it is not.

        Args:
            rows: A table or feature set.

        Raises:
            InvalidValue: There is no such field, or its values cannot be compared so.
        """
        from gpserverless.features.sql.evaluate import evaluate
        from gpserverless.features.sql.parse import parse

        return evaluate(parse(self.text), rows)

    def check(self, rows: Any) -> None:
        """Return if the condition fits the fields of a table or feature set.

        Raises:
            InvalidValue: There is no such field, or its values cannot be compared so.
        """
        self.select(rows.take([]))
