"""Replaces Lambda's runtime: runs a handler on events, with only the deployed code on the path.

    python3.13 -P -S runtime.py app.handler answers.jsonl < events.jsonl

`PYTHONPATH` is what Lambda makes it, `-S` leaves out this machine's packages. An answer is a line of its
own, as is an error; what the function prints stays out of it. Without a handler it imports the modules
named instead.
"""

import importlib
import json
import sys
import traceback
from pathlib import Path


class Context:
    """What a handler may ask about its invocation."""

    aws_request_id = "00000000-0000-4000-8000-000000000000"
    function_name = "built"
    function_version = "$LATEST"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:built"

    def get_remaining_time_in_millis(self) -> int:
        """Return as much as any function has."""
        return 29_000


def run(handler: str) -> None:
    """Answer one event a line."""
    module, function = handler.rsplit(".", 1)
    handle = getattr(importlib.import_module(module), function)
    for line in sys.stdin:
        try:
            answer = {"answer": handle(json.loads(line), Context())}
        except Exception:
            answer = {"error": traceback.format_exc()}
        write(answer)


def load() -> None:
    """Import one module a line."""
    for line in sys.stdin:
        try:
            importlib.import_module(line.strip())
        except BaseException:
            write({"module": line.strip(), "error": traceback.format_exc()})
    write({"path": sys.path, "files": [getattr(module, "__file__", None) for module in sys.modules.values()]})


def write(answer: dict) -> None:
    """Write one answer at once: the next event may depend on it."""
    with Path(sys.argv[-1]).open("a", encoding="utf-8") as answers:
        answers.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    run(sys.argv[1]) if len(sys.argv) == 3 else load()
