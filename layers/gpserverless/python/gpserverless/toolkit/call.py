"""What a caller asked for, and what came back: plain, frozen, able to travel as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Options:
    """What a caller may ask about a run beside its parameters.

    Attributes:
        out_sr: Spatial reference of feature outputs, as Esri JSON (`{"wkid": 3857}`), or None.
        process_sr: Spatial reference into which feature inputs are projected before the tool runs.
        extent: Envelope as Esri JSON; input features that do not meet it are dropped.
        return_z: Whether feature outputs carry Z ordinates.
        return_m: Whether feature outputs carry M ordinates.
        as_collection: Whether feature outputs are layer objects.
        column_names: Whether rows of value tables are objects by column name.
    """

    out_sr: Mapping[str, Any] | None = None
    process_sr: Mapping[str, Any] | None = None
    extent: Mapping[str, Any] | None = None
    return_z: bool = False
    return_m: bool = False
    as_collection: bool = False
    column_names: bool = False


@dataclass(frozen=True)
class Call:
    """One request to run a task.

    Attributes:
        service: Qualified name of the service: "Samples" or "Conformance/Sync".
        task: Name of the task.
        values: Raw text of every given parameter, by declared name; an absent one takes its default. Where
            it pointed elsewhere, what was fetched from there stands in its place, alone or in a list.
        options: Output options.
        files_url: URL under which files that the tool makes will be found, with a trailing slash.
    """

    service: str
    task: str
    values: Mapping[str, Any]
    options: Options = field(default_factory=Options)
    files_url: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the call as JSON objects; only one whose values are texts can be written as JSON."""
        return {
            "service": self.service,
            "task": self.task,
            "values": dict(self.values),
            "options": {k: v for k, v in vars(self.options).items() if v not in (None, False)},
            "files_url": self.files_url,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Call:
        """Read what `to_json` wrote."""
        return cls(
            document["service"],
            document["task"],
            document["values"],
            Options(**document["options"]),
            document["files_url"],
        )

    def with_files_url(self, url: str) -> Call:
        """Return the same call whose files will be found under `url`."""
        return replace(self, files_url=url)

    def with_all_ordinates(self) -> Call:
        """Return the same call with every ordinate in its outputs, to be left out when they are read."""
        return replace(self, options=replace(self.options, return_z=True, return_m=True))


@dataclass(frozen=True)
class Output:
    """One output parameter of a finished run.

    Attributes:
        name: Name of the parameter.
        data_type: Its GP data type.
        body: The result in its final wire form: JSON bytes of paramName, dataType and value. A large one
            lies in a file on this machine's disk.
        files: Files that `body` refers to, by file name; still on this machine's disk.
        has_z: Whether `body` carries Z ordinates.
        has_m: Whether `body` carries M ordinates.
    """

    name: str
    data_type: str
    body: bytes | Path
    files: Mapping[str, Path] = field(default_factory=dict)
    has_z: bool = False
    has_m: bool = False

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.stat().st_size
