"""Where clauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gpserverless.datatypes.base import JSON, DataType, DumpOptions, LoadOptions
from gpserverless.datatypes.capabilities import Costly, Dependent, Echoing, Inseparable
from gpserverless.errors import InvalidValue
from gpserverless.features.sql.expression import SqlExpression
from gpserverless.values.quotation import quoted


@dataclass(frozen=True)
class GPSQLExpression(DataType, Costly, Dependent, Inseparable, Echoing):
    """A condition on fields, in Python a `SqlExpression`."""

    name = "GPSQLExpression"
    accepted = "a condition such as \"POP > 1000 AND NAME LIKE 'A%'\""
    annotation = SqlExpression

    def load(self, raw: JSON, options: LoadOptions) -> SqlExpression:
        """Read a condition; `SqlExpression` refuses one that it does not understand."""
        if not isinstance(raw, str):
            self.fail(f"{quoted(raw)} is not a text")
        return SqlExpression(raw, options.now)

    def check_against(self, value: Any, source: Any) -> Any:
        """Return the condition if its fields are those of the features."""
        value.check(source)
        return value

    def dump(self, value: Any, options: DumpOptions) -> str | None:
        """Write the condition as it was read."""
        if value is None:
            return None
        if not isinstance(value, SqlExpression):
            raise InvalidValue(f"{quoted(value)} is not a SqlExpression")
        return value.text

    def echo(self, raw: JSON) -> JSON:
        """Return the condition as it was sent."""
        return raw
