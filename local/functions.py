"""Lambda functions: their code, layers, environment variables and limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from local.resolver import ACCOUNT, REGION, STACK, Resolver
from local.resources import CREDENTIAL
from local.template import FUNCTION, Resource, Template, TemplateError

LAYER = "AWS::Serverless::LayerVersion"


@dataclass(frozen=True)
class Function:
    """One Lambda function.

    Args:
        name: Its logical id in the template.
        handler: `module.function`, looked up in `code`.
        code: The folder of its code.
        python_path: The folders that it imports from: its code, then its layers.
        variables: All environment variables of its process.
        timeout: Seconds an invocation may take.
    """

    name: str
    handler: str
    code: Path
    python_path: tuple[Path, ...]
    variables: Mapping[str, str]
    timeout: float

    @property
    def arn(self) -> str:
        """The ARN that its invocations see."""
        return function_arn(self.name)


def function_arn(name: str) -> str:
    """Return the ARN of the function with the logical id `name`."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{STACK}-{name}"


def add_functions(template: Template, resolver: Resolver) -> None:
    """Add the names of the functions and their aliases to the resolver."""
    for resource in template.of_type(FUNCTION):
        arn = function_arn(resource.name)
        resolver.add(resource.name, f"{STACK}-{resource.name}", Arn=arn)
        if alias := resource.properties.get("AutoPublishAlias"):
            resolver.add(f"{resource.name}.Alias", f"{arn}:{alias}")


def find_function(reference: str, template: Template) -> str:
    """Find the logical id of a function; every alias leads to its only version.

    Args:
        reference: Its name, its ARN, its alias's ARN, or the URI of an integration with one of these.
        template: The template.

    Raises:
        TemplateError: There is no such function.
    """
    for resource in template.of_type(FUNCTION):
        name = rf"({STACK}-)?{re.escape(resource.name)}(:[^:/]+)?"
        if re.search(rf"(^|:function:){name}(/invocations)?$", reference):
            return resource.name
    raise TemplateError(f"no function behind {reference}")


def read_functions(
    template: Template, resolver: Resolver, variables: Mapping[str, str] | None = None
) -> dict[str, Function]:
    """Return the functions of the template by their logical ids.

    Args:
        template: The template.
        resolver: Resolves its references.
        variables: Environment variables of every function, over those of the template.
    """
    layers = {layer.name: _find_layer_path(layer, template.path.parent) for layer in template.of_type(LAYER)}
    return {
        resource.name: replace(function, variables={**function.variables, **(variables or {})})
        for resource in template.of_type(FUNCTION)
        for function in (
            _read_function(resource.name, resolver(resource.properties), layers, template.path.parent),
        )
    }


def code_paths(template: Template) -> list[Path]:
    """Return the folders of the functions' code."""
    root = template.path.parent
    return [(root / resource.properties["CodeUri"]).resolve() for resource in template.of_type(FUNCTION)]


def layer_paths(template: Template) -> list[Path]:
    """Return the folders that the layers add to the Python path."""
    paths = [_find_layer_path(layer, template.path.parent) for layer in template.of_type(LAYER)]
    return [path for path in paths if path is not None]


def _read_function(
    name: str, properties: Mapping[str, Any], layers: Mapping[str, Path | None], root: Path
) -> Function:
    code = (root / properties["CodeUri"]).resolve()
    named = [layers[layer] for layer in properties.get("Layers", [])]
    python_path = (code, *(path for path in named if path is not None))
    own = {key: str(value) for key, value in properties.get("Environment", {}).get("Variables", {}).items()}
    return Function(
        name=name,
        handler=properties["Handler"],
        code=code,
        python_path=python_path,
        variables={**_build_reserved_variables(name, properties, python_path), **own},
        timeout=float(properties.get("Timeout", 3)),
    )


def _find_layer_path(layer: Resource, root: Path) -> Path | None:
    """Return the folder that a layer adds to the Python path; None if it has third-party packages only.

    This interpreter has those packages. Sources that a Makefile builds lie in `python`, as in the layer
    itself, or beside the Makefile.
    """
    content: Path = (root / layer.properties["ContentUri"]).resolve()
    method = layer.metadata.get("BuildMethod", "")
    if method != "makefile":
        return content if method.startswith("python") else content / "python"
    folders = (content / "python", content)
    return next((folder for folder in folders if any(folder.glob("*/__init__.py"))), None)


def _build_reserved_variables(
    name: str, properties: Mapping[str, Any], python_path: tuple[Path, ...]
) -> dict[str, str]:
    """Return the reserved environment variables that Lambda sets."""
    logging = properties.get("LoggingConfig", {})
    return {
        "AWS_ACCESS_KEY_ID": name,  # names the function whose policies apply
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        "AWS_SESSION_TOKEN": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{properties['Runtime']}",
        "AWS_LAMBDA_FUNCTION_NAME": f"{STACK}-{name}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", ""),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{STACK}-{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "LAMBDA_TASK_ROOT": str(python_path[0]),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": ":".join(map(str, python_path)),
        "TZ": ":UTC",
        "_HANDLER": properties["Handler"],
    }
