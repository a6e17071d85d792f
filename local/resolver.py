"""CloudFormation's intrinsic functions, resolved in the local stack."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from local.template import Template, TemplateError

ACCOUNT = "123456789012"
REGION = "us-east-1"
STACK = "gpserverless-local"

_NO_VALUE = object()
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::NoValue": _NO_VALUE,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": STACK,
    "AWS::URLSuffix": "amazonaws.com",
}


class Resolver:
    """Replaces the intrinsic functions of one stack by their values.

    Resources are added as they are made; until then a resource's `Ref` is its logical id.

    Args:
        template: The template.
        parameters: Values of its parameters, over the defaults.

    Raises:
        TemplateError: A parameter is unknown, or has neither value nor default.
    """

    def __init__(self, template: Template, parameters: Mapping[str, str]) -> None:
        if unknown := sorted(parameters.keys() - template.known_parameters):
            raise TemplateError(f"{template.path} has no parameter {', '.join(unknown)}")
        given = {**template.parameters, **parameters}
        if missing := sorted(template.known_parameters - given.keys()):
            raise TemplateError(f"{template.path}: no value for parameter {', '.join(missing)}")
        self._conditions = template.conditions
        self._refs: dict[str, Any] = {**_PSEUDO, **{name: name for name in template.resources}, **given}
        self._attributes: dict[tuple[str, str], str] = {}
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self.ref,
            "Condition": self._condition,
            "Fn::And": lambda given: all(self(given)),
            "Fn::Equals": lambda given: len({str(each) for each in self(given)}) == 1,
            "Fn::GetAtt": lambda given: self.attribute(*given),
            "Fn::If": self._if,
            "Fn::Join": self._join,
            "Fn::Not": lambda given: not self(given[0]),
            "Fn::Or": lambda given: any(self(given)),
            "Fn::Select": lambda given: self(given[1])[int(self(given[0]))],
            "Fn::Split": lambda given: self(given[1]).split(given[0]),
            "Fn::Sub": self._sub,
        }

    def add(self, name: str, ref: str, **attributes: str) -> None:
        """Add the values of `Ref` and `Fn::GetAtt` of a resource."""
        self._refs[name] = ref
        self._attributes.update({(name, attribute): value for attribute, value in attributes.items()})

    def ref(self, name: str) -> Any:
        """Return the value of `Ref` of `name`."""
        if name not in self._refs:
            raise TemplateError(f"the template refers to {name}, which it does not have")
        return self._refs[name]

    def attribute(self, name: str, attribute: str) -> str:
        """Return the value of `Fn::GetAtt`."""
        try:
            return self._attributes[name, attribute]
        except KeyError:
            raise TemplateError(f"the local cloud does not know {name}.{attribute}") from None

    def __call__(self, node: Any) -> Any:
        """Return `node` with every intrinsic function replaced by its value."""
        if isinstance(node, list):
            return [value for each in node if (value := self(each)) is not _NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name, given), *_ = node.items()
            if name in self._functions:
                return self._functions[name](given)
            if name.startswith("Fn::"):
                raise TemplateError(f"the local cloud does not understand {name}")
        return {key: value for key, each in node.items() if (value := self(each)) is not _NO_VALUE}

    def _condition(self, name: str) -> bool:
        return bool(self(self._conditions[name]))

    def _if(self, given: list[Any]) -> Any:
        condition, then, otherwise = given
        return self(then if self._condition(condition) else otherwise)

    def _join(self, given: list[Any]) -> str:
        separator, parts = given
        return str(separator).join(str(part) for part in self(parts))

    def _sub(self, given: Any) -> str:
        text, own = given if isinstance(given, list) else (given, {})

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name.startswith("!"):
                return f"${{{name[1:]}}}"
            if name in own:
                return str(self(own[name]))
            known = name in self._refs or "." not in name  # SAM refers to a function's alias as `Name.Alias`
            return str(self.ref(name) if known else self.attribute(*name.split(".", 1)))

        return re.sub(r"\$\{([^}]+)\}", value, text)
