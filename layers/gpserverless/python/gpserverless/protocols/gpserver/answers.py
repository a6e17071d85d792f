"""Answers of operations and jobs. The bodies of outputs are final already; they are only joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

import orjson

from gpserverless.protocols.gpserver import shapes
from gpserverless.protocols.gpserver.urls import input_path, result_path
from gpserverless.toolkit.call import Output
from gpserverless.toolkit.run import Message

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


def job(
    job_id: str,
    status: str,
    messages: Iterable[Message] | None,
    progress: tuple[str, int | None] | None = None,
    named: tuple[Iterable[str], Iterable[str]] | None = None,
) -> shapes.Job:
    """Return the job resource.

    Args:
        job_id: The job's id.
        status: Its status on the wire.
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
