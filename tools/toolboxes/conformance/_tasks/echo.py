"""A task that gives back what it is given, of every data type there is."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from gpserverless import DataFile, FeatureSet, Field, LinearUnit, Run, Table, tool


@dataclass(frozen=True)
class Echoed:
    """One output for every data type."""

    Out_GPBoolean: bool | None
    Out_GPLong: int | None
    Out_GPDouble: float | None
    Out_GPString: str | None
    Out_GPDate: datetime | None
    Out_GPLinearUnit: LinearUnit | None
    Out_GPFeatureRecordSetLayer: FeatureSet[Any] | None
    Out_GPRecordSet: Table | None
    Out_GPDataFile: Annotated[DataFile | None, Field(description="A file that holds In_GPString.")]
    Out_GPMultiValue_GPBoolean: list[bool] | None
    Out_GPMultiValue_GPLong: list[int] | None
    Out_GPMultiValue_GPDouble: list[float] | None
    Out_GPMultiValue_GPString: list[str] | None
    Out_GPMultiValue_GPDate: list[datetime] | None
    Out_GPMultiValue_GPLinearUnit: list[LinearUnit] | None


@tool
def echo(
    run: Run,
    In_GPBoolean: bool | None = None,
    In_GPLong: int | None = None,
    In_GPDouble: float | None = None,
    In_GPString: str | None = None,
    In_GPDate: datetime | None = None,
    In_GPLinearUnit: LinearUnit | None = None,
    In_GPFeatureRecordSetLayer: FeatureSet[Any] | None = None,
    In_GPRecordSet: Table | None = None,
    In_GPMultiValue_GPBoolean: list[bool] | None = None,
    In_GPMultiValue_GPLong: list[int] | None = None,
    In_GPMultiValue_GPDouble: list[float] | None = None,
    In_GPMultiValue_GPString: list[str] | None = None,
    In_GPMultiValue_GPDate: list[datetime] | None = None,
    In_GPMultiValue_GPLinearUnit: list[LinearUnit] | None = None,
) -> Echoed:
    """Give back every value as it was understood.

    Args:
        In_GPBoolean: A truth value.
        In_GPLong: A whole number.
        In_GPDouble: A number.
        In_GPString: A text.
        In_GPDate: A moment.
        In_GPLinearUnit: A distance.
        In_GPFeatureRecordSetLayer: Features of any geometry type.
        In_GPRecordSet: Rows.
        In_GPMultiValue_GPBoolean: Truth values.
        In_GPMultiValue_GPLong: Whole numbers.
        In_GPMultiValue_GPDouble: Numbers.
        In_GPMultiValue_GPString: Texts.
        In_GPMultiValue_GPDate: Moments.
        In_GPMultiValue_GPLinearUnit: Distances.
    """
    run.info("Echo.")
    return Echoed(
        In_GPBoolean,
        In_GPLong,
        In_GPDouble,
        In_GPString,
        In_GPDate,
        In_GPLinearUnit,
        In_GPFeatureRecordSetLayer,
        In_GPRecordSet,
        None if In_GPString is None else _file_of(In_GPString),
        In_GPMultiValue_GPBoolean,
        In_GPMultiValue_GPLong,
        In_GPMultiValue_GPDouble,
        In_GPMultiValue_GPString,
        In_GPMultiValue_GPDate,
        In_GPMultiValue_GPLinearUnit,
    )


def _file_of(text: str) -> DataFile:
    path = Path(tempfile.mkdtemp()) / "echo.txt"
    path.write_text(text, encoding="utf-8")
    return DataFile(path)
