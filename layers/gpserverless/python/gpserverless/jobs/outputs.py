"""Storing the outputs of an attempt, before anybody can see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gpserverless.cancellation import CheckCancelled
from gpserverless.errors import TooLarge
from gpserverless.jobs.job import Job, StoredFile, StoredResult
from gpserverless.jobs.keys import file_key, layer_key, layer_manifest_key, result_key
from gpserverless.jobs.pricing import count_puts
from gpserverless.jobs.rules import JobRules
from gpserverless.outputs.object_store import ObjectStore
from gpserverless.outputs.store import store_file, store_layer, store_output
from gpserverless.toolkit.call import Output

_ENTRY_BYTES = 140
"""Most bytes of an entry in a row, beside its name and its key."""


@dataclass(frozen=True)
class Manifest:
    """Where the outputs and files of one attempt lie."""

    results: dict[str, StoredResult]
    files: dict[str, StoredFile]

    @property
    def puts(self) -> int:
        """Number of requests that wrote them."""
        results, files = self.results.values(), self.files.values()
        more = [size for each in results for size in (each.gzipped_size, each.layer_size) if size]
        manifests = sum(1 for each in results if each.layer_size)
        return manifests + count_puts(
            [*(each.size for each in results), *more, *(each.size for each in files)]
        )


def store_outputs(
    objects: ObjectStore,
    job: Job,
    fence: str,
    outputs: Iterable[Output],
    check_cancelled: CheckCancelled,
    most_bytes: int = JobRules().max_manifest_bytes,
) -> Manifest:
    """Write every output in its final wire form, and its files.

    Their list must fit into the job's row. It is checked before anything is written.

    Args:
        objects: The store.
        job: The job as this worker's claim left it.
        fence: Token of this attempt.
        outputs: The outputs of the run.
        check_cancelled: Called between writes and during long ones; its exception ends the storing.
        most_bytes: Limit of the size of the list.

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
            manifest.files[name] = StoredFile(key, store_file(objects, key, path, check_cancelled))
    return manifest


def _store_result(
    objects: ObjectStore, key: str, output: Output, check_cancelled: CheckCancelled
) -> StoredResult:
    gzipped_size = store_output(objects, key, output.body, check_cancelled)
    if (layer := output.layer) is not None:
        check_cancelled()
        store_layer(objects, layer, layer_key(key), layer_manifest_key(key), check_cancelled)
    layer_size = layer.manifest.size if layer else 0
    ordinates = output.has_z, output.has_m
    return StoredResult(key, output.size, output.data_type, *ordinates, gzipped_size, layer_size)


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
