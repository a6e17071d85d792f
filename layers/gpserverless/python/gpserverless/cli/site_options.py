"""The options that say which site a command is about."""

from __future__ import annotations

from typing import Annotated

import typer

Url = Annotated[
    str,
    typer.Option(
        envvar="GPSERVERLESS_URL", metavar="URL", help="Site, such as https://gis.example.org/arcgis."
    ),
]
Token = Annotated[
    str,
    typer.Option(
        envvar="GPSERVERLESS_TOKEN", metavar="TOKEN", help="Token or API key of a caller.", show_envvar=True
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
