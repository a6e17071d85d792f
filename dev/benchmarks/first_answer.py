"""A cold start: import a function's code as Lambda does, answer one event, say so, and wait to be ended.

Run as a file, with only the deployed code on `PYTHONPATH`; the event is a line of its input.
"""

from __future__ import annotations

import importlib
import json
import sys


class Context:
    """The context of an invocation."""

    aws_request_id = "00000000-0000-4000-8000-000000000000"
    function_name = "first"
    function_version = "$LATEST"
    memory_limit_in_mb = 1769
    invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:first"

    def get_remaining_time_in_millis(self) -> int:
        """Return as much as every function has."""
        return 10_000


if __name__ == "__main__":
    event = json.loads(sys.stdin.readline())
    answer = importlib.import_module("app").handler(event, Context())
    sys.stdout.write("\nANSWERED " + json.dumps(answer)[:200] + "\n")
    sys.stdout.flush()
    sys.stdin.readline()
