"""A mistake in the sources of a toolbox, explained to its author."""

from __future__ import annotations

import os
import traceback

FOLDER = "toolboxes"


def explain_mistake(error: BaseException) -> str:
    """Explain an error of importing toolboxes: where it is in them, and how to correct it if that is known.

    Args:
        error: The error, which was caught.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if f"{os.sep}{FOLDER}{os.sep}" in each.filename]
    what = "".join(traceback.format_exception_only(error)).strip()
    if isinstance(error, SyntaxError) or not ours:
        return what
    place = f"{ours[-1].filename}:{ours[-1].lineno}"
    if isinstance(error, ModuleNotFoundError) and error.name and not _is_own(error.name):
        return (
            f"{place} imports {error.name}, which is not installed: add it to the dependencies in"
            f" pyproject.toml, and install it"
        )
    return f"{place}: {what}"


def _is_own(module: str) -> bool:
    return module.partition(".")[0] in (FOLDER, "gpserverless")


def format_trace(error: BaseException) -> str:
    """Return the error of a tool with its trace, which begins where the tool does.

    Args:
        error: The error, which was caught.
    """
    frames = traceback.extract_tb(error.__traceback__)
    ours = [each for each in frames if f"{os.sep}{FOLDER}{os.sep}" in each.filename]
    first = next((frames.index(each) for each in ours), 0)
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(frames[first:])]
    return "".join([*lines, *traceback.format_exception_only(error)]).rstrip()
