"""The options of the local cloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.terminal import Terminal

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """The options of serving a template.

    Attributes:
        template: The SAM template.
        port: Port on 127.0.0.1; 0 takes a free one.
        parameters: Values of template parameters, over those of samconfig.toml. `PublicUrl` and
            `AwsEndpointUrl` are filled in if the template has them.
        variables: Environment variables of every function, over those of the template.
        environment: Environment of the samconfig.toml beside the template.
        state: Folder for the functions' logs, which a running cloud has to itself; `.local` beside the
            template if not given.
        per_port: Whether the logs lie below a folder that is named after the port, since other clouds use
            `state` too.
        watch: Whether to serve changes of the sources as they are saved.
        warm: Whether to start an environment of each function before it is asked for.
        minute: Length in seconds of a schedule's minute; tests make it short.
        terminal: Where to write requests and failures.
    """

    template: Path = ROOT / "template.yaml"
    port: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    environment: str = "local"
    state: Path | None = None
    per_port: bool = False
    watch: bool = False
    warm: bool = True
    minute: float = 60.0
    terminal: Terminal = field(default_factory=Terminal)

    def at(self, port: int) -> ServeOptions:
        """Return the options of a cloud that has found its port."""
        if not self.per_port:
            return self
        shared = self.state or self.template.parent / ".local"
        return replace(self, state=shared / str(port), per_port=False)

    @property
    def logs(self) -> Path:
        """The folder with one log file a function."""
        return (self.state or self.template.parent / ".local") / "logs"
