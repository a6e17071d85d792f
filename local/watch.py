"""Changes of the sources."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from importlib.util import cache_from_source
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from local.catalogue import FILE
from local.functions import code_paths, layer_paths
from local.template import Template


class _SourceFilter(DefaultFilter):
    """Leaves out caches, and the catalogue file, which is generated."""

    def __call__(self, change: Change, path: str) -> bool:
        return not path.endswith(FILE) and super().__call__(change, path)


def list_watched(template: Template) -> list[Path]:
    """List the template, and the code and the layers that it names, as far as they are there.

    Args:
        template: The template.
    """
    watched = [template.path, *code_paths(template), *map(_leave_project_out, layer_paths(template))]
    return [path for path in watched if path.exists()]


async def watch_changes(template: Template, stop: asyncio.Event) -> AsyncGenerator[set[str]]:
    """Yield the names of the changed files, relative to the template's folder, change by change.

    Args:
        template: The template; it is watched itself, with the code and the layers that it names.
        stop: Ends the watch.
    """
    root = template.path.resolve().parent
    async for changed in awatch(*list_watched(template), watch_filter=_SourceFilter(), stop_event=stop):
        paths = [Path(path) for _, path in changed]
        forget_compiled(paths)
        yield {_shorten(path, root) for path in paths}


def forget_compiled(paths: Iterable[Path]) -> None:
    """Remove the compiled modules of sources.

    Python takes a compiled module for that of its source by the second and the size: a second save within a
    second would not be seen.

    Args:
        paths: Files that were changed.
    """
    for path in paths:
        if path.suffix == ".py":
            Path(cache_from_source(str(path))).unlink(missing_ok=True)


def _leave_project_out(path: Path) -> Path:
    """Return the toolboxes of a folder that has them: the rest of it may be a project, with logs."""
    return path / "toolboxes" if (path / "toolboxes").is_dir() else path


def _shorten(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
