"""What each function may do at AWS: the policies of the template, held here as AWS holds them there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.resolver import Resolver
from local.template import FUNCTION, Template

Statement = Mapping[str, Any]
Policies = Mapping[str, Sequence[Statement]]


@dataclass(frozen=True)
class Asked:
    """What one request wants.

    Attributes:
        action: As policies name it, such as `s3:GetObject`.
        resource: ARN of what it is about.
        context: Keys that conditions may ask for.
    """

    action: str
    resource: str
    context: Mapping[str, str]


def read_policies(template: Template, resolver: Resolver) -> dict[str, list[Statement]]:
    """Return the statements of every function's policies, by its logical id."""
    return {
        function.name: [
            statement
            for policy in resolver(function.properties.get("Policies", []))
            for statement in policy["Statement"]
        ]
        for function in template.of_type(FUNCTION)
    }


def is_allowed(asked: Asked, statements: Sequence[Statement]) -> bool:
    """Return whether some statement allows what is asked; those of this project only ever allow."""
    return any(
        statement["Effect"] == "Allow"
        and asked.action in _listed(statement["Action"])
        and any(_matches(pattern, asked.resource) for pattern in _listed(statement["Resource"]))
        and _holds(statement.get("Condition", {}), asked.context)
        for statement in statements
    )


def _holds(condition: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    """Return whether every condition holds; what is not known here does not hold."""
    return all(
        operator in ("StringEquals", "StringLike")
        and any(_equals(operator, wanted, context.get(key)) for wanted in _listed(values))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _equals(operator: str, wanted: str, found: str | None) -> bool:
    if found is None:
        return False
    return _matches(wanted, found) if operator == "StringLike" else wanted == found


def _matches(pattern: str, text: str) -> bool:
    return (
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text, re.DOTALL) is not None
    )


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
