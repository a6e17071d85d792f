"""Storing what a run made, before anybody can see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gpserverless.jobs.job import Job, StoredFile, StoredResult
from gpserverless.jobs.keys import file_key, result_key
from gpserverless.jobs.ports import ObjectStore
from gpserverless.toolkit.call import Output

FILE_TYPE = "application/octet-stream"
"""Media type of the files that outputs refer to: nothing that a browser would run."""


@dataclass(frozen=True)
class Manifest:
    """Where all outputs and files of one attempt lie."""

    results: dict[str, StoredResult]
    files: dict[str, StoredFile]


def store_outputs(
    objects: ObjectStore, job: Job, fence: str, outputs: Iterable[Output], alive: Callable[[], None]
) -> Manifest:
    """Write every output in its final wire form, and every file it refers to, and return where they lie.

    Args:
        objects: Where to write.
        job: The job as this worker's claim left it.
        fence: Token of this attempt.
        outputs: What the run returned.
        alive: Called between writes and during long ones; what it raises ends the storing.
    """
    manifest = Manifest({}, {})
    for output in outputs:
        alive()
        key = result_key(job.id, job.attempt, fence, output.name)
        if isinstance(output.body, bytes):
            objects.put(key, output.body, "application/json")
        else:
            objects.put_file(key, output.body, "application/json", alive)
        manifest.results[output.name] = StoredResult(
            key, output.size, output.data_type, output.has_z, output.has_m
        )
        for name, path in output.files.items():
            key = file_key(job.id, job.attempt, fence, name)
            objects.put_file(key, path, FILE_TYPE, alive)
            manifest.files[name] = StoredFile(key, path.stat().st_size)
    return manifest
