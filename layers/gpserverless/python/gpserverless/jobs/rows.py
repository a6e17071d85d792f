"""Reading records from the rows of the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any


def pick_fields(record: type, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a map that a dataclass has fields for.

    A newer version may have written a row, and an older one may read it.

    Args:
        record: The dataclass.
        item: A row, or a map in it.
    """
    return {field.name: item[field.name] for field in fields(record) if field.name in item}
