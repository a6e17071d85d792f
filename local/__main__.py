"""`python -m local`: serve a template until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from local.cloud import LocalCloud
from local.options import ServeOptions
from local.template import TemplateError
from local.terminal import Terminal


def main() -> int:
    """Serve; 1 if it cannot."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--template", type=Path, default=ServeOptions.template, help="the SAM template")
    parser.add_argument("--tools", type=Path, help="folder of the package toolboxes, if not the template's")
    parser.add_argument("--samconfig", type=Path, help="parameters, if not those beside the template")
    parser.add_argument("--state", type=Path, help="folder of the logs, if not .local beside the template")
    given = parser.parse_args()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        options = ServeOptions(**vars(given), watch=True, terminal=Terminal(sys.stdout))
        with LocalCloud(options):
            stop.wait()
    except (OSError, TemplateError) as error:
        sys.stderr.write(f"{getattr(error, 'strerror', None) or error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
