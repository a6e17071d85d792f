"""Storing what a run made, before anybody can see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gpserverless.errors import TooLarge
from gpserverless.jobs.job import Job, StoredFile, StoredResult
from gpserverless.jobs.keys import file_key, gzipped_key, result_key
from gpserverless.jobs.ports import ObjectStore
from gpserverless.jobs.pricing import count_puts
from gpserverless.jobs.rules import JobRules
from gpserverless.outputs.compression import GZIP, gzipped, gzipped_file
from gpserverless.toolkit.call import Output

JSON_TYPE = "application/json"
"""Media type of outputs."""

FILE_TYPE = "application/octet-stream"
"""Media type of the files that outputs refer to: nothing that a browser would run."""


_ENTRY_BYTES = 120
"""What a row needs for an entry beside its name and its key, at most."""


@dataclass(frozen=True)
class Manifest:
    """Where all outputs and files of one attempt lie."""

    results: dict[str, StoredResult]
    files: dict[str, StoredFile]

    @property
    def puts(self) -> int:
        """How many requests it took to write them."""
        results, files = self.results.values(), self.files.values()
        twins = (result.gzipped_size for result in results if result.gzipped_size)
        return count_puts([*(result.size for result in results), *twins, *(file.size for file in files)])


def store_outputs(
    objects: ObjectStore,
    job: Job,
    fence: str,
    outputs: Iterable[Output],
    check_cancelled: Callable[[], None],
    most_bytes: int = JobRules().max_manifest_bytes,
) -> Manifest:
    """Write every output in its final wire form, and every file it refers to, and return where they lie.

    The list of them has to fit into the job's row, so it is looked at first: nothing is written in vain.

    Args:
        objects: Where to write.
        job: The job as this worker's claim left it.
        fence: Token of this attempt.
        outputs: What the run returned.
        check_cancelled: Called between writes and during long ones; what it raises ends the storing.
        most_bytes: Size that the list may have.

    Raises:
        TooLarge: The run made more outputs and files than a row can list.
    """
    outputs = tuple(outputs)
    _check_list(job, fence, outputs, most_bytes)
    manifest = Manifest({}, {})
    for output in outputs:
        check_cancelled()
        key = result_key(job.id, job.attempt, fence, output.name)
        manifest.results[output.name] = _store_result(objects, key, output, check_cancelled)
        for name, path in output.files.items():
            key = file_key(job.id, job.attempt, fence, name)
            objects.put_file(key, path, FILE_TYPE, check_cancelled)
            manifest.files[name] = StoredFile(key, path.stat().st_size)
    return manifest


def _store_result(
    objects: ObjectStore, key: str, output: Output, check_cancelled: Callable[[], None]
) -> StoredResult:
    if isinstance(output.body, bytes):
        objects.put(key, output.body, JSON_TYPE)
    else:
        objects.put_file(key, output.body, JSON_TYPE, check_cancelled)
    gzipped_size = _store_packed(objects, key, output, check_cancelled)
    return StoredResult(key, output.size, output.data_type, output.has_z, output.has_m, gzipped_size)


def _store_packed(objects: ObjectStore, key: str, output: Output, check_cancelled: Callable[[], None]) -> int:
    """Write the packed twin of what is fetched by a link, and return its length; what it saves is egress."""
    if output.size <= JobRules().inline_bytes:
        return 0
    if isinstance(output.body, bytes):
        body = gzipped(output.body)
        objects.put(gzipped_key(key), body, JSON_TYPE, GZIP)
        return len(body)
    twin = gzipped_file(output.body, check_cancelled)
    objects.put_file(gzipped_key(key), twin, JSON_TYPE, check_cancelled, GZIP)
    return twin.stat().st_size


def _check_list(job: Job, fence: str, outputs: Iterable[Output], most_bytes: int) -> None:
    """Raise if the names and keys of all outputs and files take too much room."""
    names = [(output.name, result_key(job.id, job.attempt, fence, output.name)) for output in outputs]
    listed = [name for output in outputs for name in output.files]
    files = [(name, file_key(job.id, job.attempt, fence, name)) for name in listed]
    size = sum(_ENTRY_BYTES + len((name + key).encode("utf-8", "replace")) for name, key in names + files)
    if size > most_bytes:
        raise TooLarge(
            f"The tool made {len(files):,} files. A job can list {most_bytes:,} bytes of names; "
            f"these take {size:,}. Put them into one archive."
        )
