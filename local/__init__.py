"""The local cloud: `template.yaml` served on this machine, with an embedded AWS and real Lambda runtimes.

    front ──▶ events ──▶ pool ──▶ environment ──▶ runtime_api ⇄ a process under awslambdaric
    queues, schedules ───▶ ┘                      (one per warm function, killed at its timeout)

    template ──▶ resolver ──▶ resources   tables, queues and buckets, made in the emulator
                         ├──▶ functions   code, layers, environment variables, limits
                         └──▶ routes      which function answers which URL

`deployment` puts one reading of the template together, `serving` keeps the current one served and
replaces it when a file changes (`watch`), `cloud` starts and stops it all. Nothing that is deployed
imports this package.
"""

from local.cloud import LocalCloud
from local.options import ServeOptions

__all__ = ["LocalCloud", "ServeOptions"]
