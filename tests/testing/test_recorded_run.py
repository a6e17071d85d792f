"""A run that keeps what a tool says."""

from __future__ import annotations

from gpserverless import Run, tool
from gpserverless.jobs.job import Progress
from gpserverless.testing import RecordedRun
from gpserverless.toolkit.run import Message


@tool
def count_words(text: str, run: Run) -> int:
    """Count words.

    Args:
        text: The text.
    """
    words = text.split()
    if not words:
        run.warn("There are no words.")
    for word in run.track(words, "Counting"):
        run.info(word)
    return len(words)


def test_run_keeps_messages_and_progress() -> None:
    run = RecordedRun()
    assert count_words("two words", run) == 2
    assert run.texts == ["two", "words"]
    assert run.steps == [Progress("Counting", 0), Progress("Counting", 50), Progress("Counting", 100)]


def test_run_tells_warnings_from_messages() -> None:
    run = RecordedRun()
    count_words("", run)
    assert run.messages == [Message("warning", "There are no words.")]
