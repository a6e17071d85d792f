"""SAM templates: parameters, and resources with the `Globals` merged in."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FUNCTION = "AWS::Serverless::Function"


class TemplateError(Exception):
    """The template is wrong, or the local cloud does not support it; the text says where."""


@dataclass(frozen=True)
class Resource:
    """One resource as it is written, with intrinsic functions in their long form, unresolved.

    Attributes:
        name: Its logical id.
        type: Its CloudFormation type.
        properties: Its properties.
        metadata: Its metadata.
        condition: Name of the condition on which it is made, "" for none.
        depends_on: Logical ids of the resources that are made before it.
    """

    name: str
    type: str
    properties: Mapping[str, Any]
    metadata: Mapping[str, Any]
    condition: str = ""
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Template:
    """A SAM template.

    Args:
        path: Its file; `CodeUri` and `ContentUri` are relative to its folder.
        parameters: Defaults of the parameters, by name; a parameter without one is missing here.
        known_parameters: Names of all parameters.
        conditions: The conditions, unresolved.
        resources: The resources, by logical id.
    """

    path: Path
    parameters: Mapping[str, str]
    known_parameters: frozenset[str]
    conditions: Mapping[str, Any]
    resources: Mapping[str, Resource]

    @classmethod
    def read(cls, path: Path, contents: Mapping[str, Path] | None = None) -> Template:
        """Read the template at `path`.

        Args:
            path: The file.
            contents: Folders of layers in place of their `ContentUri`, by logical id.

        Raises:
            TemplateError: It is no template.
        """
        try:
            document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
        except (OSError, yaml.YAMLError) as error:
            raise TemplateError(f"{path}: {error}") from error
        given_resources = document.get("Resources") if isinstance(document, dict) else None
        if not isinstance(given_resources, dict) or not given_resources:
            raise TemplateError(f"{path}: a template has resources")
        if not all(isinstance(each, dict) and "Type" in each for each in given_resources.values()):
            raise TemplateError(f"{path}: a template has resources, and each has a type")
        for layer, folder in (contents or {}).items():
            if layer not in given_resources:
                raise TemplateError(f"{path}: there is no layer {layer}")
            given_resources[layer]["Properties"]["ContentUri"] = str(folder.resolve())
        declared = document.get("Parameters", {})
        shared = document.get("Globals", {}).get("Function", {})
        return cls(
            path=path,
            parameters={
                name: str(given["Default"]) for name, given in declared.items() if "Default" in given
            },
            known_parameters=frozenset(declared),
            conditions=document.get("Conditions", {}),
            resources={name: _read_resource(name, given, shared) for name, given in given_resources.items()},
        )

    def of_type(self, kind: str) -> list[Resource]:
        """Return the resources of one CloudFormation type, in the order they are written."""
        return [resource for resource in self.resources.values() if resource.type == kind]


def read_sam_parameters(samconfig: Path, environment: str) -> dict[str, str]:
    """Read the parameter overrides of one environment of a `samconfig.toml`; none without the file."""
    if not samconfig.exists():
        return {}
    commands = tomllib.loads(samconfig.read_text(encoding="utf-8")).get(environment, {})
    given = commands.get("global", {}).get("parameters", {}).get("parameter_overrides", "")
    return parse_parameters(given if isinstance(given, str) else shlex.join(given))


def parse_parameters(text: str) -> dict[str, str]:
    """Parse parameters of a template, each as Name=value, with spaces between them and quotes as in a shell.

    Raises:
        TemplateError: One of them has another form.
    """
    try:
        pairs = [pair.split("=", 1) for pair in shlex.split(text)]
        return {name: value for name, value in pairs}
    except ValueError:
        raise TemplateError(f"parameters are Name=value, with spaces between them, not {text!r}") from None


def _read_resource(name: str, given: Mapping[str, Any], shared: Mapping[str, Any]) -> Resource:
    properties = given.get("Properties", {})
    if given["Type"] == FUNCTION:
        properties = _merge(shared, properties)
    before = given.get("DependsOn", ())
    return Resource(
        name,
        given["Type"],
        properties,
        given.get("Metadata", {}),
        given.get("Condition", ""),
        (before,) if isinstance(before, str) else tuple(before),
    )


def _merge(shared: Any, own: Any) -> Any:
    """Merge as SAM does: maps by key, lists one after the other; else the function's own value wins."""
    if isinstance(shared, dict) and isinstance(own, dict):
        return {
            **shared,
            **{key: _merge(shared[key], own[key]) if key in shared else own[key] for key in own},
        }
    if isinstance(shared, list) and isinstance(own, list):
        return shared + own
    return own


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML, with CloudFormation's short tags read as their long form."""


def _construct_intrinsic(loader: Any, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _construct_intrinsic)
