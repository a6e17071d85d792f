"""A task with an input and an output that are files."""

import time
from pathlib import Path
from typing import Annotated

from gpserverless import DataFile, Field, tool

Copy = Annotated[DataFile, Field(alias="Out_File", description="The copy.")]


@tool
def copy_file(In_File: DataFile, Seconds: Annotated[float, Field(ge=0, le=60)] = 0) -> Copy:
    """Copy a file.

    Args:
        In_File: The file.
        Seconds: Time to wait before.
    """
    time.sleep(Seconds)
    copy = Path(f"copy{In_File.path.suffix}").resolve()
    copy.write_bytes(In_File.path.read_bytes())
    return DataFile(copy)
