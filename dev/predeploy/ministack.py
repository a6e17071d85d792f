"""MiniStack: an AWS that runs functions, queues, schedules and an API, in one process on this machine.

It runs functions in its own interpreter, so its environment is made with python3.13 (`make deploy-local`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.predeploy.ports import find_free_port, wait_for_answer
from local.options import ROOT
from local.resources import CREDENTIAL

_PROGRAM = ROOT / ".venv-ministack/bin/ministack"
_START_SECONDS = 180
_STOP_SECONDS = 90


@contextmanager
def ministack() -> Iterator[str]:
    """Run MiniStack on a free port, and yield its URL; its resources end with it.

    Raises:
        ChildProcessError: It does not start, or did not last; the text is the end of its log.
    """
    port = find_free_port()
    with tempfile.TemporaryDirectory(prefix="ministack-", ignore_cleanup_errors=True) as folder:
        log = Path(folder, "log")
        with log.open("wb") as output:
            process = subprocess.Popen(
                [_PROGRAM],
                cwd=folder,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": folder,
                    "TMPDIR": folder,
                    "BIND_HOST": "127.0.0.1",
                    "GATEWAY_PORT": str(port),
                    "SFTP_ENABLED": "0",  # both would listen at every address
                    "IOT_MTLS_ENABLED": "0",
                    "AWS_ACCESS_KEY_ID": CREDENTIAL,
                    "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
                },
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            endpoint = f"http://127.0.0.1:{port}"
            if not wait_for_answer(f"{endpoint}/_ministack/health", process, _START_SECONDS):
                raise ChildProcessError("MiniStack does not start")
            yield endpoint
        except Exception as error:
            error.add_note(f"The end of MiniStack's log:\n{log.read_text(errors='replace')[-4000:]}")
            raise
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(_STOP_SECONDS)
