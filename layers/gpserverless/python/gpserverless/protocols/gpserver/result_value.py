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


def write_layer_value(layer: Path, target: Path) -> None:
    """Write all features or rows of a layer file as the JSON that a result has.

    Args:
        layer: The layer file.
        target: Receives the JSON.

    Raises:
        TooLarge: The shapes have more bytes than there is memory for.
        StorageError: The file is damaged.
    """
    from gpserverless.featurelayers.layer_file import LayerFile
    from gpserverless.featurelayers.query import LayerFilter, PageQuery
    from gpserverless.featurelayers.select import select_page
    from gpserverless.features.feature_set import Table
    from gpserverless.formats.esri_json.encode import stream_features, stream_table
    from gpserverless.values.resolution import EXACT

    with LayerFile(layer) as file:
        names = tuple(field.name for field in file.fields)
        rows = select_page(file, PageQuery(LayerFilter(), names, limit=file.manifest.count)).rows
    if isinstance(rows, Table):
        stream = stream_table(rows)
    else:
        stream = stream_features(rows, z=True, m=True, precision=EXACT)
    with target.open("wb") as written:
        written.writelines(stream)


def _read_end(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 1_000), os.SEEK_END)
        return file.read()
