"""What is known of services, tasks and parameters: frozen, and able to travel as JSON.

The light functions (directory, jobs) read these from the catalogue file that is made when the project is
built; the heavy ones derive them from the tools themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from gpserverless.datatypes.base import JSON, DataType
from gpserverless.datatypes.document import data_type, to_document
from gpserverless.toolkit.limits import Limits

Direction = Literal["input", "output"]
Execution = Literal["sync", "async"]
WorkerName = Literal["core", "vector", "raster"]
WORKERS: tuple[WorkerName, ...] = get_args(WorkerName)
"""What can run a job: the core alone, or with readers of vector files or of rasters beside it."""


@dataclass(frozen=True)
class Parameter:
    """One input or output of a task.

    Attributes:
        name: Its name in requests and results.
        title: Its label.
        description: What it means, in plain text.
        data_type: Its GP data type.
        direction: Whether it goes in or comes out.
        required: Whether a call must give it; outputs are never required.
        default: Wire value that a missing input takes; None where there is none.
        category: Heading under which clients show it.
        dependency: Name of the input whose fields it is about.
    """

    name: str
    title: str
    description: str
    data_type: DataType
    direction: Direction = "input"
    required: bool = False
    default: JSON = None
    category: str = ""
    dependency: str = ""

    def to_document(self) -> dict[str, JSON]:
        """Return the parameter as JSON."""
        return {**vars(self), "data_type": to_document(self.data_type)}

    @classmethod
    def from_document(cls, document: Mapping[str, JSON]) -> Parameter:
        """Return what `to_document` was given."""
        return cls(**{**document, "data_type": data_type(document["data_type"])})


@dataclass(frozen=True)
class TaskSpec:
    """A tool as the protocol shows it.

    Attributes:
        name: Its name in the URL.
        title: Its label.
        description: What it does, in plain text.
        parameters: Inputs in the order of the signature, then outputs.
        seconds: Longest run, if shorter than the service's.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    seconds: float | None = None

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """The parameters that go in."""
        return tuple(p for p in self.parameters if p.direction == "input")

    @property
    def outputs(self) -> tuple[Parameter, ...]:
        """The parameters that come out."""
        return tuple(p for p in self.parameters if p.direction == "output")

    def parameter(self, name: str, direction: Direction) -> Parameter | None:
        """Return the parameter of a name in any letter case, or None."""
        folded = name.lower()
        return next(
            (p for p in self.parameters if p.direction == direction and p.name.lower() == folded), None
        )

    def to_document(self) -> dict[str, JSON]:
        """Return the task as JSON."""
        return {**vars(self), "parameters": [p.to_document() for p in self.parameters]}

    @classmethod
    def from_document(cls, document: Mapping[str, JSON]) -> TaskSpec:
        """Return what `to_document` was given."""
        return cls(
            **{**document, "parameters": tuple(Parameter.from_document(p) for p in document["parameters"])}
        )


@dataclass(frozen=True)
class ServiceSpec:
    """A toolbox as the protocol shows it: one GPServer.

    Attributes:
        name: Qualified name: "Samples", or "Conformance/Sync" in a folder.
        description: What its tools are for.
        execution: Whether its tasks are executed while the caller waits, or run as jobs.
        limits: What one run may take.
        tasks: Its tasks.
        published_when: Name of the setting that must be on for the service to be published; "" for always.
        worker: Which worker its jobs need.
        uploads: Whether callers can upload files for its tasks.
        webhook: URL that is told of the end of every job; "" for none. No caller sees it.
    """

    name: str
    description: str
    execution: Execution
    limits: Limits
    tasks: tuple[TaskSpec, ...]
    published_when: str = ""
    worker: WorkerName = "core"
    uploads: bool = False
    webhook: str = ""

    def task(self, name: str) -> TaskSpec | None:
        """Return the task of a name, or None."""
        return next((t for t in self.tasks if t.name == name), None)

    def to_document(self) -> dict[str, JSON]:
        """Return the service as JSON."""
        return {**vars(self), "limits": asdict(self.limits), "tasks": [t.to_document() for t in self.tasks]}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ServiceSpec:
        """Return what `to_document` was given."""
        tasks = tuple(TaskSpec.from_document(t) for t in document["tasks"])
        return cls(**{**document, "limits": Limits(**document["limits"]), "tasks": tasks})
