"""CSV that is typed or sent as features: converted to JSON, which is all that the wire takes."""

from __future__ import annotations

import tempfile
from pathlib import Path

from gpserverless.errors import InvalidValue
from gpserverless.protocols.directory.forms.mistakes import MAX_SHOWN

MAX_CSV = 500_000
"""Characters of CSV that are converted while a person waits, in a small function."""

_TABLE = "GPRecordSet"
_SEPARATORS = ",;\t|"
_FEWEST_LINES = 2
_ALL_DECIMALS = 15


class Converted(InvalidValue):
    """A value was converted with remarks that its sender should read before it counts.

    Args:
        text: The value as it would count.
        remarks: Sentences about the conversion.
    """

    def __init__(self, text: str, remarks: list[str]) -> None:
        super().__init__(" ".join(remarks))
        self.text = text


def is_csv(text: str) -> bool:
    """Return whether a text is CSV: several lines, the first with a separator, and no JSON.

    Args:
        text: The text of a value.
    """
    start = text.lstrip()
    if start[:1] in ("{", "[", "(", "<", ""):
        return False
    lines = start.split("\n", 1)
    return len(lines) == _FEWEST_LINES and any(each in lines[0] for each in _SEPARATORS)


def convert_csv(text: str, data_type: str) -> str:
    """Return features or rows as Esri JSON.

    Args:
        text: CSV with the names of the columns in its first row.
        data_type: GPFeatureRecordSetLayer or GPRecordSet.

    Raises:
        Converted: It was converted with remarks, such as that its spatial reference is not known.
        InvalidValue: It is too long, has no coordinates, or a row is malformed.
    """
    if len(text) > MAX_CSV:
        raise InvalidValue(
            f"the CSV has {len(text):,} characters",
            f"at most {MAX_CSV:,}; longer as GeoJSON, or as an upload",
        )
    remarks: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "typed.csv"
        path.write_text(text, encoding="utf-8", newline="")
        made = (_convert_table if data_type == _TABLE else _convert_features)(path, remarks)
    if remarks and len(made) > MAX_SHOWN:
        raise InvalidValue(" ".join(remarks), "CSV without such remarks, or JSON")
    if remarks:
        raise Converted(made, remarks)
    return made


def _convert_features(path: Path, remarks: list[str]) -> str:
    from gpserverless.formats.esri_json import encode_features
    from gpserverless.formats.files.csv import read_csv
    from gpserverless.formats.files.shapes import settle_geometries

    features = read_csv(path, warn=remarks.append, maximum=MAX_CSV)
    settled = settle_geometries(features, None, None, remarks.append)
    return encode_features(settled, z=True, m=True, precision=_ALL_DECIMALS).decode()


def _convert_table(path: Path, remarks: list[str]) -> str:
    from gpserverless.features.feature_set import Table
    from gpserverless.formats.esri_json import encode_table
    from gpserverless.formats.files.csv_table import read_table
    from gpserverless.formats.files.csv_values import infer_column
    from gpserverless.formats.files.read_columns import mark_object_id

    cells = read_table(path, MAX_CSV, remarks.append)
    typed = [infer_column(name, cells) for name in cells.columns]
    columns = {field.name: column for field, column in typed}
    table = Table(mark_object_id([field for field, _ in typed], columns), columns)
    return encode_table(table).decode()
