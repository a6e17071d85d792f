"""Calls and outputs: plain, frozen, and able to travel as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gpserverless.caller import ANYBODY, Caller
from gpserverless.featurelayers.manifest import LayerManifest


@dataclass(frozen=True)
class CallOptions:
    """Options of a call beside its parameters."""

    #: Spatial reference of feature outputs, as Esri JSON (`{"wkid": 3857}`), or None.
    out_sr: Mapping[str, Any] | None = None
    #: Spatial reference (Esri JSON) into which feature inputs are projected before the tool runs, or None.
    process_sr: Mapping[str, Any] | None = None
    #: Envelope as Esri JSON; input features that do not meet it are dropped.
    extent: Mapping[str, Any] | None = None
    #: Whether feature outputs carry Z ordinates.
    return_z: bool = False
    #: Whether feature outputs carry M ordinates.
    return_m: bool = False
    #: Whether feature outputs are layer objects.
    as_collection: bool = False
    #: Whether rows of value tables are objects by column name.
    column_names: bool = False


@dataclass(frozen=True)
class Call:
    """One request to run a task."""

    #: Qualified name of the service: "Samples" or "Conformance/Sync".
    service: str
    #: Name of the task.
    task: str
    #: Raw text of every given parameter, by declared name; a missing one takes its default. A fetched value
    #: replaces its reference, alone or in a list.
    values: Mapping[str, Any]
    #: Options of the inputs and outputs.
    options: CallOptions = field(default_factory=CallOptions)
    #: URL of the folder of the files that the tool makes, with a trailing slash.
    files_url: str = ""
    #: Who calls; by this name and these rights what the values refer to on this site is read.
    caller: Caller = ANYBODY
    #: Warnings for the caller about how the call was read; the run gives them out before its own.
    warnings: tuple[str, ...] = ()
    #: What the protocol of the call keeps with it as JSON, for those who ask its job; no tool sees it.
    kept: Mapping[str, Any] = field(default_factory=dict)
    #: Whether features and rows among the outputs are written as layer files too; a worker asks for it.
    with_layers: bool = False

    @property
    def size(self) -> int:
        """Characters of the values as they were sent."""
        return sum(len(value) for value in self.values.values())

    def to_json(self) -> dict[str, Any]:
        """Return the call as JSON objects; a call with fetched values cannot be written as JSON."""
        return {
            "service": self.service,
            "task": self.task,
            "values": dict(self.values),
            "options": {k: v for k, v in vars(self.options).items() if v not in (None, False)},
            "files_url": self.files_url,
            "caller": self.caller.to_document(),
            "warnings": list(self.warnings),
            "kept": dict(self.kept),
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Call:
        """Return the call of a document that `to_json` made.

        Args:
            document: JSON of a call.
        """
        return cls(
            document["service"],
            document["task"],
            document["values"],
            CallOptions(**document["options"]),
            document["files_url"],
            Caller.from_document(document["caller"]) if "caller" in document else ANYBODY,
            tuple(document.get("warnings", ())),
            document.get("kept", {}),
        )

    def with_files_url(self, url: str) -> Call:
        """Return the same call with its files at a URL that ends in a slash.

        Args:
            url: The URL; it ends in a slash.
        """
        return replace(self, files_url=url)

    def with_all_ordinates(self) -> Call:
        """Return the same call with Z and M in its outputs; readers of a result may leave them out."""
        return replace(self, options=replace(self.options, return_z=True, return_m=True))

    def for_worker(self) -> Call:
        """Return the same call with all that a job stores: every ordinate, and layer files."""
        return replace(self.with_all_ordinates(), with_layers=True)


@dataclass(frozen=True)
class OutputLayer:
    """The features or rows of an output as a layer file: all of them, also those that its JSON leaves out."""

    #: The file on this machine's disk.
    path: Path
    #: Its description.
    manifest: LayerManifest


@dataclass(frozen=True)
class Output:
    """One output parameter of a finished run."""

    #: Name of the parameter.
    name: str
    #: Name of its GP data type.
    data_type: str
    #: The result in its final wire form: JSON of paramName, dataType and value. A large one is in a file on
    #: this machine's disk.
    body: bytes | Path
    #: Files that `body` refers to, by file name, on this machine's disk.
    files: Mapping[str, Path] = field(default_factory=dict)
    #: Whether `body` carries Z ordinates.
    has_z: bool = False
    #: Whether `body` carries M ordinates.
    has_m: bool = False
    #: The same as a layer file; None unless it is features or rows, and the call asks for it.
    layer: OutputLayer | None = None

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.stat().st_size
