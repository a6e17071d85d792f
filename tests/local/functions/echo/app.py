"""Answers with the event, or does the action of the query's `do`."""

import json
import os
import subprocess
import time
from typing import Any

import words


def handler(event: dict[str, Any], context: Any) -> Any:
    """Answer, or fail, as told."""
    parameters = event.get("queryStringParameters", {})
    match parameters.get("do"):
        case "environment":
            return {"pid": os.getpid(), "variables": dict(os.environ)}
        case "word":
            return {"word": words.WORD}
        case "context":
            return {"left": context.get_remaining_time_in_millis(), "arn": context.invoked_function_arn}
        case "hang":
            subprocess.Popen(["sleep", "600"])
            time.sleep(600)
        case "crash":
            os._exit(3)
        case "raise":
            raise ValueError("no such thing")
        case "large":
            return {"statusCode": 200, "body": "x" * (6 * 1024 * 1024)}
        case "answer":
            return json.loads(parameters["answer"])
    return event
