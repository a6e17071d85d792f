"""Descriptions of services, tasks and parameters: frozen, and able to travel as JSON.

The light functions (directory, jobs) read them from the catalogue file that the build makes; the heavy ones
derive them from the tools.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from gpserverless.caller import Access, Caller
from gpserverless.datatypes.base import JSON, DataType
from gpserverless.datatypes.document import read_data_type, to_document
from gpserverless.toolkit.limits import Limits

Direction = Literal["input", "output"]
Execution = Literal["sync", "async"]
WorkerName = Literal["core", "vector", "raster"]
WORKERS: tuple[WorkerName, ...] = get_args(WorkerName)
"""The workers: of the core alone, with readers of vector files, with readers of rasters."""


@dataclass(frozen=True)
class Parameter:
    """One input or output of a task."""

    #: Name in requests and results.
    name: str
    #: Label.
    title: str
    #: Meaning, in plain text.
    description: str
    #: GP data type.
    data_type: DataType
    #: Whether it is an input or an output.
    direction: Direction = "input"
    #: Whether a call must give it; outputs are never required.
    required: bool = False
    #: Wire value of a missing input; None if there is none.
    default: JSON = None
    #: Heading under which clients show it.
    category: str = ""
    #: Name of the input whose fields it is about.
    dependency: str = ""
    #: Wire value of an example call; None if any value of the data type is one.
    example: JSON = None

    def to_document(self) -> dict[str, JSON]:
        """Return the parameter as JSON."""
        return {**vars(self), "data_type": to_document(self.data_type)}

    @classmethod
    def from_document(cls, document: Mapping[str, JSON]) -> Parameter:
        """Return the parameter of a document that `to_document` made.

        Args:
            document: JSON of a parameter.
        """
        return cls(**{**document, "data_type": read_data_type(document["data_type"])})


@dataclass(frozen=True)
class TaskSpec:
    """A tool as the protocol shows it."""

    #: Name in the URL.
    name: str
    #: Label.
    title: str
    #: Purpose, in plain text.
    description: str
    #: Inputs in the order of the signature, then outputs.
    parameters: tuple[Parameter, ...]
    #: Longest run, if shorter than the service's.
    seconds: float | None = None
    #: Rule for its callers, beside the service's; None for no other.
    access: Access | None = None

    def admits(self, caller: Caller) -> bool:
        """Return whether its own rule lets a caller run it.

        Args:
            caller: The caller.
        """
        return self.access is None or self.access.admits(caller)

    def shows_to(self, caller: Caller) -> bool:
        """Return whether its own rule lets a caller see it.

        Args:
            caller: The caller.
        """
        return self.access is None or self.access.shows_to(caller)

    @property
    def inputs(self) -> tuple[Parameter, ...]:
        """The input parameters."""
        return tuple(p for p in self.parameters if p.direction == "input")

    @property
    def outputs(self) -> tuple[Parameter, ...]:
        """The output parameters."""
        return tuple(p for p in self.parameters if p.direction == "output")

    def parameter(self, name: str, direction: Direction) -> Parameter | None:
        """Return the parameter of a name in any letter case, or None.

        Args:
            name: Name of the parameter, in any letter case.
            direction: Input or output.
        """
        folded = name.lower()
        return next(
            (p for p in self.parameters if p.direction == direction and p.name.lower() == folded), None
        )

    def to_document(self) -> dict[str, JSON]:
        """Return the task as JSON."""
        return {
            **vars(self),
            "parameters": [p.to_document() for p in self.parameters],
            "access": self.access and self.access.to_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, JSON]) -> TaskSpec:
        """Return the task of a document that `to_document` made.

        Args:
            document: JSON of a task.
        """
        parameters = tuple(Parameter.from_document(p) for p in document["parameters"])
        access = Access.from_document(document["access"])
        return cls(**{**document, "parameters": parameters, "access": access})


@dataclass(frozen=True)
class ServiceSpec:
    """A toolbox as the protocol shows it: one GPServer."""

    #: Qualified name: "Samples", or "Conformance/Sync" in a folder.
    name: str
    #: Purpose of its tools, in plain text.
    description: str
    #: Whether its tasks are executed while the caller waits, or run as jobs.
    execution: Execution
    #: Limits of one run.
    limits: Limits
    #: Its tasks.
    tasks: tuple[TaskSpec, ...]
    #: Name of the setting that must be on for the service to be published; "" for always.
    published_when: str = ""
    #: The worker that its jobs need.
    worker: WorkerName = "core"
    #: Whether callers can upload files for its tasks.
    uploads: bool = False
    #: URL that is called at the end of every job; "" for none. No caller sees it.
    webhook: str = ""
    #: Rule for its callers; None for anybody.
    access: Access | None = None

    @property
    def has_rules(self) -> bool:
        """Whether it or one of its tasks is not for anybody."""
        return self.access is not None or any(task.access for task in self.tasks)

    def admits(self, caller: Caller) -> bool:
        """Return whether a caller may run its tasks, if their own rules agree.

        Args:
            caller: The caller.
        """
        return caller.may_ask(self.name) and (self.access is None or self.access.admits(caller))

    def shows_to(self, caller: Caller) -> bool:
        """Return whether a caller may see it.

        Args:
            caller: The caller.
        """
        return caller.may_ask(self.name) and (self.access is None or self.access.shows_to(caller))

    def for_caller(self, caller: Caller) -> ServiceSpec:
        """Return the service with the tasks that a caller may see.

        Args:
            caller: The caller.
        """
        tasks = tuple(task for task in self.tasks if task.shows_to(caller))
        return self if len(tasks) == len(self.tasks) else replace(self, tasks=tasks)

    def task(self, name: str) -> TaskSpec | None:
        """Return the task of a name, or None.

        Args:
            name: Name of the task.
        """
        return next((t for t in self.tasks if t.name == name), None)

    def to_document(self) -> dict[str, JSON]:
        """Return the service as JSON."""
        return {
            **vars(self),
            "limits": asdict(self.limits),
            "tasks": [t.to_document() for t in self.tasks],
            "access": self.access and self.access.to_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ServiceSpec:
        """Return the service of a document that `to_document` made.

        Args:
            document: JSON of a service.
        """
        tasks = tuple(TaskSpec.from_document(t) for t in document["tasks"])
        limits, access = Limits(**document["limits"]), Access.from_document(document["access"])
        return cls(**{**document, "limits": limits, "tasks": tasks, "access": access})
