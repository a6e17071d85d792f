"""The shape of every answer.

`describe`, `answers` and `items` return these types, and the JSON Schema is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict

ExecutionType = Literal["esriExecutionTypeSynchronous", "esriExecutionTypeAsynchronous"]
JobStatus = Literal[
    "esriJobSubmitted", "esriJobExecuting", "esriJobCancelling",
    "esriJobSucceeded", "esriJobFailed", "esriJobTimedOut", "esriJobCancelled",
]  # fmt: skip
"""The states in answers; the protocol has four more, which clients cannot handle."""

Direction = Literal["esriGPParameterDirectionInput", "esriGPParameterDirectionOutput"]
ParameterType = Literal[
    "esriGPParameterTypeRequired", "esriGPParameterTypeOptional", "esriGPParameterTypeDerived"
]
MessageType = Literal["esriJobMessageTypeInformative", "esriJobMessageTypeWarning", "esriJobMessageTypeError"]
FilterType = Literal["range", "featureClass", "file", "field", "codedValue", "composite"]


class ErrorObject(TypedDict):
    """The error; `details` is always a list of texts."""

    code: int
    message: str
    details: list[str]


class Error(TypedDict):
    """The answer to everything that cannot be answered."""

    error: ErrorObject


class AuthInfo(TypedDict):
    """How callers get a token."""

    isTokenBasedSecurity: bool
    tokenServicesUrl: NotRequired[str]
    shortLivedTokenValidity: NotRequired[int]


class Info(TypedDict):
    """The server."""

    currentVersion: float
    fullVersion: str
    soapUrl: str
    owningSystemUrl: str
    authInfo: AuthInfo


class Success(TypedDict):
    """The health check, and the answer of operations that have nothing else to say."""

    success: bool


class CatalogueEntry(TypedDict):
    """One service of a folder, by its qualified name."""

    name: str
    type: Literal["GPServer"]


class Catalogue(TypedDict):
    """A folder."""

    currentVersion: float
    folders: list[str]
    services: list[CatalogueEntry]


class SchemaLink(TypedDict):
    """Where the JSON Schema is."""

    url: str


SchemaLinks = TypedDict("SchemaLinks", {"json-schema": SchemaLink})


class Service(TypedDict):
    """A GP service."""

    currentVersion: float
    cimVersion: str
    serviceDescription: str
    tasks: list[str]
    executionType: ExecutionType
    resultMapServerName: Literal[""]
    maximumRecords: int
    capabilities: Literal["", "Uploads"]
    schema: SchemaLinks


class ServiceInfo(TypedDict):
    """The facts about a service beside its tasks."""

    resources: list[str]


class ItemInfo(TypedDict):
    """A service as an item of a portal."""

    culture: str
    name: str
    title: str
    type: Literal["Geoprocessing Service"]
    typeKeywords: list[str]
    summary: str
    snippet: str
    description: str
    tags: list[str]
    thumbnail: str
    url: str
    extent: list[list[float]]
    accessInformation: str
    licenseInfo: str


class Filter(TypedDict):
    """Which values a parameter accepts."""

    type: FilterType
    list: NotRequired[list[Any]]
    minimum: NotRequired[float]
    maximum: NotRequired[float]


class ParameterInfo(TypedDict):
    """An element, a column or a member of a compound data type."""

    name: str
    dataType: str
    displayName: str
    filter: NotRequired[Filter]
    choiceList: NotRequired[list[str]]
    parameterInfos: NotRequired[list[ParameterInfo]]


class Parameter(TypedDict):
    """An input or output of a task."""

    name: str
    dataType: str
    displayName: str
    description: str
    direction: Direction
    defaultValue: Any
    parameterType: ParameterType
    category: str
    dependency: NotRequired[str]
    filter: NotRequired[Filter]
    choiceList: NotRequired[list[str]]
    parameterInfos: NotRequired[list[ParameterInfo]]


class Task(TypedDict):
    """A task."""

    name: str
    displayName: str
    description: str
    category: str
    helpUrl: str
    executionType: ExecutionType
    parameters: list[Parameter]


class Message(TypedDict):
    """One message of a run."""

    type: MessageType
    description: str


class Result(TypedDict):
    """An output; `value` by its data type.

    `messages` are warnings about a stored result that is rewritten: the messages of its job are over.
    """

    paramName: str
    dataType: str
    value: Any
    messages: NotRequired[list[Message]]


class Input(TypedDict):
    """An input as it was submitted."""

    paramName: str
    dataType: str
    value: Any


class Executed(TypedDict):
    """The answer of `execute`."""

    results: list[Result]
    messages: list[Message]


class Submitted(TypedDict):
    """The answer of `submitJob` and of `cancel`."""

    jobId: str
    jobStatus: JobStatus


class Progress(TypedDict):
    """How far a job is."""

    type: Literal["default", "step"]
    message: str
    percent: NotRequired[int]


class Link(TypedDict):
    """Where a result or an input is, relative to its job."""

    paramUrl: str


class JobUsage(TypedDict):
    """Times of a job in milliseconds since 1970-01-01 UTC, and its usage so far.

    `seconds` is the time in which a worker had it, `peakMegabytes` the most memory of its tool; both are
    missing while nothing has been measured. A running job tells what its worker has written last.
    """

    submitted: int
    started: NotRequired[int]
    ended: NotRequired[int]
    seconds: NotRequired[float]
    peakMegabytes: NotRequired[float]
    dollars: float


class Job(TypedDict):
    """A job; `results` and `inputs` once it has succeeded."""

    jobId: str
    jobStatus: JobStatus
    progress: NotRequired[Progress]
    results: NotRequired[dict[str, Link]]
    inputs: NotRequired[dict[str, Link]]
    messages: NotRequired[list[Message]]
    usage: NotRequired[JobUsage]


class ListedJob(TypedDict):
    """One of the caller's own jobs; times in milliseconds since 1970-01-01 UTC."""

    jobId: str
    jobStatus: JobStatus
    service: str
    task: str
    submitted: int
    ended: NotRequired[int]
    url: str


class Jobs(TypedDict):
    """The caller's own jobs, newest first; `nextStart` is the `start` of the next page, if there is one."""

    jobs: list[ListedJob]
    nextStart: NotRequired[str]


class Uploads(TypedDict):
    """The uploads of a service."""

    operations: list[str]
    resources: list[str]


class UploadLimits(TypedDict):
    """Limits of uploads; sizes in megabytes."""

    maxUploadFileSize: int
    maxItemSize: int
    allowedExtensions: list[str]


class Item(TypedDict):
    """An uploaded item."""

    itemID: str
    itemName: str
    description: str | None
    date: int
    committed: bool


class Uploaded(TypedDict):
    """The answer of operations that make or change an item; `upload` says where to send its content."""

    success: bool
    item: Item
    upload: NotRequired[Mapping[str, Any]]


class Parts(TypedDict):
    """The parts that an item has so far."""

    parts: list[int]
