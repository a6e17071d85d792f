"""The value of a stored result, without what stands around it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from gpserverless.errors import InvalidValue

_HEAD_BYTES = 10_000
_VALUE = b'"value":'
_CUT = b'"exceededTransferLimit":true'


def copy_value(result: Path, target: Path, name: str) -> None:
    """Write the value of a result, of any size, into a file.

    Args:
        result: File with the JSON of paramName, dataType and value, in this order.
        target: Receives the JSON of the value.
        name: Name of the result, for the error.

    Raises:
        InvalidValue: The service did not give out all features of the result.
    """
    with result.open("rb") as source:
        start = source.read(_HEAD_BYTES).index(_VALUE) + len(_VALUE)
        source.seek(start)
        with target.open("wb") as file:
            shutil.copyfileobj(source, file)
            file.truncate(file.tell() - 1)  # the brace that closes the result
    if _CUT in _read_end(target):
        raise InvalidValue(f"the result '{name}' has more features than the service gives out")


def _read_end(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 1_000), os.SEEK_END)
        return file.read()
