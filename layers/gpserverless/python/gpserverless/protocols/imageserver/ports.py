"""What the protocol of images needs of others: rasters, and a store of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gpserverless.caller import Caller
from gpserverless.formats.ranges import RangedFile


@dataclass(frozen=True)
class Image:
    """A raster that a job made.

    Attributes:
        name: Name for people.
        file: The file, which is the same as long as it is there.
        description: Text for people.
        expires: When its job expires, in milliseconds since 1970-01-01 UTC; None for never.
        parameter: Name of the output, as the task has it.
        data_type: Data type of the output.
    """

    name: str
    file: Path | RangedFile
    description: str = ""
    expires: int | None = None
    parameter: str = ""
    data_type: str = ""


class ImageSource(Protocol):
    """Finds rasters."""

    def find_image(self, service: str, job: str, parameter: str, caller: Caller, task: str = "") -> Image:
        """Return a raster that a job made.

        Args:
            service: Qualified name of the service.
            job: Id of the job.
            parameter: Name of the output, in any letter case.
            caller: The caller.
            task: Name of the task; "" for any.

        Raises:
            UnknownJob: There is no such job, it has not succeeded, or it has no such raster.
            AccessError: The caller may not see it.
            TooLarge: There is no room for the file.
            StorageError: The store cannot be reached.
        """
