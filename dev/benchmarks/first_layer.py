"""The first answer of the function `layers`: import its code, answer one event, and say what it took.

Run as a file, with only the deployed code on `PYTHONPATH`; the event is its input.
"""

from __future__ import annotations

import base64
import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

ABSENT: dict[str, Any] = {"awscrt": None, "OpenSSL": None}
sys.modules.update(ABSENT)  # no layer has them, and botocore takes them where they are


def check(answer: dict[str, Any]) -> None:
    """End unless there is a page of the layer."""
    body = answer["body"].encode()
    if answer.get("isBase64Encoded"):
        body = gzip.decompress(base64.b64decode(body))
    if answer["statusCode"] != 200 or b'"features"' not in body:
        raise SystemExit(f"{answer['statusCode']}: {body[:500]!r}")


if __name__ == "__main__":
    event = json.load(sys.stdin)
    began = time.perf_counter()
    import os

    from gpserverless.app.layers import LayersFunction

    answer = LayersFunction.build(os.environ).handle(event, 29_000)
    status = Path("/proc/self/status").read_text("ascii", "replace").split("VmHWM:")[1]
    report = {
        "cpu": 1000 * time.process_time(),
        "wall": 1000 * (time.perf_counter() - began),
        "memory": int(status.split()[0]) * 1024 / 1e6,
        "bytes": len(answer["body"]) * 3 // 4,
    }
    check(answer)
    sys.stdout.write("REPORT " + json.dumps(report))
