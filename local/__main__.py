"""`python -m local`: serve a template until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from local.cloud import LocalCloud, StartEnded
from local.options import ServeOptions
from local.template import TemplateError, parse_parameters
from local.terminal import Terminal

PARAMETERS = "GPSERVERLESS_PARAMETERS"
"""Variable with parameters of the template, as `sam deploy --parameter-overrides` takes them."""

_LOOK_SECONDS = 0.2


def main() -> int:
    """Serve; 1 if it cannot."""
    parser = argparse.ArgumentParser(prog="python -m local", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--template", type=Path, default=ServeOptions.template, help="the SAM template")
    parser.add_argument("--tools", type=Path, help="folder of the package toolboxes, if not the template's")
    parser.add_argument("--samconfig", type=Path, help="parameters, if not those beside the template")
    parser.add_argument("--state", type=Path, help="folder of the logs, if not .local beside the template")
    given = parser.parse_args()
    try:
        options = ServeOptions(
            **vars(given),
            parameters=parse_parameters(os.environ.get(PARAMETERS, "")),
            per_port=True,
            watch=True,
            terminal=Terminal(sys.stdout),
        )
        _serve(LocalCloud(options))
    except OSError as error:
        place = f": {error.filename}" if error.filename else ""
        sys.stderr.write(f"{error.strerror or error}{place}\n")
        return 1
    except TemplateError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _serve(cloud: LocalCloud) -> None:
    """Serve until a signal comes, and start no further when it comes before."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: cloud.end())
    with suppress(StartEnded), cloud:
        # A signal can reach another thread, which does not wake this one: it has to look by itself.
        while not cloud.is_ended:
            time.sleep(_LOOK_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
