"""Code for curl in a shell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from gpserverless.protocols.directory.snippets.snippet import CodeLine, Piece, Snippet
from gpserverless.protocols.directory.snippets.values import Given

_ENDED = "grep -qE 'esriJob(Succeeded|Failed|Cancelled|TimedOut)'"
_WATCH = f'until curl -sL "$task/jobs/$job?f=json" | {_ENDED}; do sleep 1; done'


def make_execute(url: str, given: Sequence[Given]) -> Snippet:
    """Return the code that executes a task.

    Args:
        url: URL of the task.
        given: The values of its inputs.
    """
    first = CodeLine.of(f"curl -sL {_quote(url + '/execute')} \\")
    return Snippet("curl", "curl", (first, *_fields(given), CodeLine.of("  -d f=json")))


def make_submit(url: str, given: Sequence[Given], outputs: Sequence[str]) -> Snippet:
    """Return the code that submits a job, waits for it and reads its results.

    Args:
        url: URL of the task.
        given: The values of its inputs.
        outputs: Names of its outputs.
    """
    lines = (
        CodeLine.of(f"task={_quote(url)}"),
        CodeLine.of('job=$(curl -sL "$task/submitJob" \\'),
        *_fields(given),
        CodeLine.of("""  -d f=json | sed 's/.*"jobId":"\\([^"]*\\)".*/\\1/')"""),
        CodeLine.of(_WATCH),
        *(
            CodeLine.of(f'curl -sL "$task/jobs/$job/results/{quote(name, safe="")}?f=json"')
            for name in outputs
        ),
    )
    return Snippet("curl", "curl", lines)


def _fields(given: Sequence[Given]) -> Iterator[CodeLine]:
    for each in given:
        name = each.name.replace("'", "'\\''")
        pieces = (Piece(f"  --data-urlencode '{name}="), Piece(each.shell, each.name), Piece("' \\"))
        yield CodeLine(pieces, each.name, each.is_blank)


def _quote(text: str) -> str:
    escaped = text.replace("'", "'\\''")
    return f"'{escaped}'"
