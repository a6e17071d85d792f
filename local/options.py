"""The options of the local cloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.template import Template, read_sam_parameters
from local.terminal import Terminal

ROOT = Path(__file__).parent.parent
TOOLS_LAYER = "ToolsLayer"
"""Logical id of the layer with the toolboxes."""


@dataclass(frozen=True, kw_only=True)
class ServeOptions:
    """The options of serving a template.

    Attributes:
        template: The SAM template.
        port: Port on 127.0.0.1; 0 takes a free one.
        parameters: Values of template parameters, over those of samconfig.toml. `PublicUrl` and
            `AwsEndpointUrl` are filled in if the template has them.
        variables: Environment variables of every function, over those of the template.
        environment: Environment of samconfig.toml.
        tools: Folder that has the package `toolboxes`, in place of the content of `ToolsLayer`.
        samconfig: File with the parameters of environments; `samconfig.toml` beside the template if not
            given.
        state: Folder for the functions' logs, which a running cloud has to itself; `.local` beside the
            template if not given.
        per_port: Whether the logs lie below a folder that is named after the port, since other clouds use
            `state` too.
        watch: Whether to serve changes of the sources as they are saved.
        warm: Whether to start an environment of each function before it is asked for; after a change, of
            each that has been in use.
        minute: Length in seconds of a schedule's minute; tests make it short.
        terminal: Where to write requests and failures.
    """

    template: Path = ROOT / "template.yaml"
    port: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    environment: str = "local"
    tools: Path | None = None
    samconfig: Path | None = None
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

    def read_template(self) -> Template:
        """Read the template, with the tools that are wanted.

        Raises:
            TemplateError: It is no template.
        """
        contents = {} if self.tools is None else {TOOLS_LAYER: self.tools}
        return Template.read(self.template, contents)

    def read_parameters(self) -> dict[str, str]:
        """Read the parameters of samconfig.toml, and those given here over them."""
        samconfig = self.samconfig or self.template.with_name("samconfig.toml")
        return {**read_sam_parameters(samconfig, self.environment), **self.parameters}

    @property
    def logs(self) -> Path:
        """The folder with one log file a function."""
        return (self.state or self.template.parent / ".local") / "logs"
