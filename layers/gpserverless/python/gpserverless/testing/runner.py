"""Running tools in the test's own process."""

from __future__ import annotations

import contextlib
import logging
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from gpserverless.caller import Caller
from gpserverless.datatypes.references import LocalFile, Reference
from gpserverless.errors import (
    InvalidValue,
    NotFound,
    OutOfMemory,
    RequestError,
    RunEnded,
    RunError,
    ToolCrashed,
)
from gpserverless.fetch.check import check_selection
from gpserverless.fetch.inputs import OwnResources
from gpserverless.sandbox.preparation import CallPreparation, RunContext
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.perform import perform
from gpserverless.toolkit.run import Run, RunResult, Watcher
from gpserverless.toolkit.toolboxes import Toolbox
from gpserverless.toolkit.values import fetch_call_references

logger = logging.getLogger(__name__)


class InProcessRunner:
    """Runs calls without a process of their own: breakpoints work, and nothing is forked.

    A run has no limit of time or memory, and a tool that crashes the interpreter crashes the test. The
    sandbox (`gpserverless.sandbox.runner.Runner`) has these limits.

    Args:
        toolboxes: The tools.
    """

    def __init__(self, toolboxes: Iterable[Toolbox]) -> None:
        self._tools = {
            (box.spec.name, name): (tool, box.spec.limits)
            for box in toolboxes
            for name, tool in box.tools.items()
        }
        self._remove_files: Callable[[], object] = lambda: None

    def __call__(
        self,
        call: Call,
        watcher: Watcher,
        seconds: float,
        preparation: CallPreparation | None = None,
        log_ids: Mapping[str, str] = MappingProxyType({}),
    ) -> RunResult:
        """Run a call and return its outputs; their files stay on disk until the next run.

        Args:
            call: The call to run.
            watcher: Takes messages and progress.
            seconds: Ignored.
            preparation: Fetches the references of the call.
            log_ids: Ignored.

        Raises:
            NotFound: There is no such tool.
            InvalidParameter: A value cannot be read as its type.
            RunError: The tool did not succeed.
        """
        if (call.service, call.task) not in self._tools:
            raise NotFound(f"Task '{call.task}' not found in service '{call.service}'.")
        tool, limits = self._tools[call.service, call.task]
        folder = self._empty_folder()
        if preparation is not None:
            call = preparation.prepare(call, RunContext(tool.spec, limits, folder, watcher.check_cancelled))
        with _working_in(folder), _tool_errors():
            return RunResult(tuple(perform(tool, call, limits, Run(watcher), folder)))

    def close(self) -> None:
        """Remove the files of the last run."""
        self._remove_files()

    def _empty_folder(self) -> Path:
        self._remove_files()
        folder = Path(tempfile.mkdtemp(prefix="run-"))
        # A site that lives as long as its module is closed by nobody, which is no reason for a warning.
        self._remove_files = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder


class OwnFetching:
    """The preparation of calls whose values refer to nothing but results and files of their own site.

    Args:
        own: The results and files.
    """

    def __init__(self, own: OwnResources) -> None:
        self._own = own

    def prepare(self, call: Call, context: RunContext) -> Call:
        """Return the call with results and files in the place of references.

        Args:
            call: The call.
            context: The run.

        Raises:
            InvalidParameter: A value is another reference, or names what is not there.
        """

        def fetch(reference: Reference) -> LocalFile:
            check_selection(reference)
            folder = Path(tempfile.mkdtemp(dir=context.folder))
            found = self._own.fetch(reference, call, folder, context.limits, context.check_cancelled)
            if found is None:
                raise InvalidValue("it is a reference, and a test site fetches nothing", "the value itself")
            return found

        return fetch_call_references(context.task, call, fetch)


class NoUploads:
    """The uploaded items of a site that takes none."""

    def of(self, caller: Caller) -> NoUploads:
        """Return those of a caller: none, too."""
        return self

    def fetch(
        self, service: str, item_id: str, folder: Path, most_bytes: int, check_cancelled: Callable[[], None]
    ) -> LocalFile:
        """Find nothing.

        Raises:
            NotFound: Always.
        """
        raise NotFound("Item not found.")


@contextlib.contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Let relative paths and temporary files lie in a folder, as they do in the sandbox."""
    before = tempfile.tempdir
    tempfile.tempdir = str(folder)
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        tempfile.tempdir = before


@contextlib.contextmanager
def _tool_errors() -> Iterator[None]:
    """Turn the errors of a tool into those that the sandbox raises for them."""
    try:
        yield
    except (RequestError, RunError, RunEnded):
        raise
    except MemoryError:
        raise OutOfMemory("The tool ran out of memory.") from None
    except Exception as error:
        logger.exception("tool crashed")
        text = "The tool failed because of an error in it; the service's log has the details."
        raise ToolCrashed(text) from error
