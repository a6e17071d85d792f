"""Answers of operations and jobs. The bodies of outputs are final already; they are only joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson

from gpserverless.protocols.gpserver import shapes
from gpserverless.protocols.gpserver.urls import input_path, result_path
from gpserverless.toolkit.call import Output
from gpserverless.toolkit.run import Message

if TYPE_CHECKING:  # the directory and execute know no jobs
    from gpserverless.jobs.job import Job
    from gpserverless.jobs.ports import JobPlace
    from gpserverless.jobs.usage import Usage

_KINDS: dict[str, shapes.MessageType] = {
    "informative": "esriJobMessageTypeInformative",
    "warning": "esriJobMessageTypeWarning",
    "error": "esriJobMessageTypeError",
}


def message_list(messages: Iterable[Message]) -> list[shapes.Message]:
    """Return a message list; it is never null, clients iterate over it.

    Args:
        messages: The messages, oldest first.
    """
    return [{"type": _KINDS[m.kind], "description": m.text} for m in messages]


def execution(outputs: Iterable[Output], messages: Iterable[Message]) -> Iterator[bytes | Path]:
    """Yield the pieces of the answer of `execute`: every declared output once, and the messages.

    Args:
        outputs: JSON of each output, in the order of their declaration.
        messages: The messages, oldest first.
    """
    before = b'{"results":['
    for output in outputs:
        yield before
        yield output.body
        before = b","
    yield b'],"messages":%s}' % orjson.dumps(message_list(messages))


def submission(job: str, status: str) -> shapes.Submitted:
    """Return the answer of `submitJob` and of `cancel`.

    Args:
        job: Id of the job.
        status: The status.
    """
    return {"jobId": job, "jobStatus": cast("shapes.JobStatus", status)}


def job_usage(submitted: int, started: int | None, ended: int | None, usage: Usage) -> shapes.JobUsage:
    """Return the usage of a job.

    Args:
        submitted: When it was submitted, in milliseconds since 1970-01-01 UTC.
        started: When its run began, None if it has not.
        ended: When it ended, None if it has not.
        usage: The usage in its row.
    """
    document: shapes.JobUsage = {"submitted": submitted, "dollars": float(usage.dollars)}
    if started is not None:
        document["started"] = started
    if ended is not None:
        document["ended"] = ended
    if usage.run_ms:
        document["seconds"] = usage.run_ms / 1000
    if usage.peak_bytes is not None:
        document["peakMegabytes"] = round(usage.peak_bytes / 2**20, 1)
    return document


def job(
    job_id: str,
    status: str,
    usage: shapes.JobUsage,
    messages: Iterable[Message] | None,
    progress: tuple[str, int | None] | None = None,
    named: tuple[Iterable[str], Iterable[str]] | None = None,
) -> shapes.Job:
    """Return the job resource.

    Args:
        job_id: The job's id.
        status: Its status on the wire.
        usage: Its usage, see `job_usage`.
        messages: Its messages; None if the caller does not want them.
        progress: Text and share done (0 to 100, None if unknown) of a job that is executing.
        named: Names of results and of inputs, of a job that succeeded.
    """
    document: shapes.Job = {"jobId": job_id, "jobStatus": cast("shapes.JobStatus", status)}
    if progress is not None:
        text, percent = progress
        document["progress"] = {"type": "default" if percent is None else "step", "message": text}
        if percent is not None:
            document["progress"]["percent"] = percent
    if named is not None:
        results, inputs = named
        document["results"] = {name: {"paramUrl": result_path(name)} for name in results}
        document["inputs"] = {name: {"paramUrl": input_path(name)} for name in inputs}
    if messages is not None:
        document["messages"] = message_list(messages)
    document["usage"] = usage
    return document


def listed_job(job: Job, url: str) -> shapes.ListedJob:
    """Return a job of a list.

    Args:
        job: The job.
        url: Its URL.
    """
    document: shapes.ListedJob = {
        "jobId": job.id,
        "jobStatus": cast("shapes.JobStatus", job.status.public.value),
        "service": job.service,
        "task": job.task,
        "submitted": job.created_at,
        "url": url,
    }
    if job.ended_at is not None:
        document["ended"] = job.ended_at
    return document


def job_list(jobs: list[shapes.ListedJob], last: JobPlace | None) -> shapes.Jobs:
    """Return a page of jobs.

    Args:
        jobs: The jobs, newest first.
        last: Place where the next page begins, None if there is none.
    """
    document: shapes.Jobs = {"jobs": jobs}
    if last is not None:
        document["nextStart"] = str(last)
    return document


def item(item_id: str, name: str, description: str | None, date: int, committed: bool) -> shapes.Item:
    """Return an uploaded item; its id is called itemID, unlike a portal's.

    Args:
        item_id: Its id.
        name: Its file name.
        description: The caller's description, or None.
        date: Time of its registration in milliseconds since 1970-01-01 UTC.
        committed: Whether it can be used.
    """
    return {
        "itemID": item_id,
        "itemName": name,
        "description": description,
        "date": date,
        "committed": committed,
    }


def value(name: str, data_type: str, wire: Any) -> shapes.Result:
    """Return a result or an input: exactly these three keys.

    Args:
        name: Name of the parameter.
        data_type: Name of the data type.
        wire: JSON of the value.
    """
    return {"paramName": name, "dataType": data_type, "value": wire}
