"""The policies of the functions, evaluated as IAM evaluates them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.resolver import Resolver
from local.template import FUNCTION, Template, TemplateError

_MANAGED_POLICY = "AWS::IAM::ManagedPolicy"

Statement = Mapping[str, Any]
Policies = Mapping[str, Sequence[Statement]]


@dataclass(frozen=True)
class IamRequest:
    """One action on one resource, for which a function needs a permission.

    Attributes:
        action: Its name in policies, such as `s3:GetObject`.
        resource: ARN of the resource.
        context: Values of condition keys.
    """

    action: str
    resource: str
    context: Mapping[str, str]


def read_policies(template: Template, resolver: Resolver) -> dict[str, list[Statement]]:
    """Read the statements of every function's policies, by its logical id.

    Raises:
        TemplateError: A policy is none of the template.
    """
    return {
        function.name: [
            statement
            for policy in resolver(function.properties.get("Policies", []))
            for statement in _read_statements(policy, template, resolver)
        ]
        for function in template.of_type(FUNCTION)
    }


def _read_statements(
    policy: str | Mapping[str, Any], template: Template, resolver: Resolver
) -> list[Statement]:
    if not isinstance(policy, str):
        return list(policy["Statement"])
    managed = template.resources.get(policy)
    if managed is None or managed.type != _MANAGED_POLICY:
        raise TemplateError(f"the local cloud does not know the policy {policy}")
    return list(resolver(managed.properties["PolicyDocument"])["Statement"])


def is_allowed(request: IamRequest, statements: Sequence[Statement]) -> bool:
    """Return whether a statement allows a request.

    Statements that deny are left out: this project's are about logs, which no function asks for itself.

    Args:
        request: The request.
        statements: The statements of its sender's policies.
    """
    return any(
        statement["Effect"] == "Allow"
        and request.action in _as_list(statement["Action"])
        and any(_matches(pattern, request.resource) for pattern in _as_list(statement["Resource"]))
        and _condition_holds(statement.get("Condition", {}), request.context)
        for statement in statements
    )


def _condition_holds(condition: Mapping[str, Mapping[str, Any]], context: Mapping[str, str]) -> bool:
    """Say whether every condition holds; an unknown operator does not."""
    return all(
        _holds(operator, _as_list(values), context.get(key))
        for operator, keys in condition.items()
        for key, values in keys.items()
    )


def _holds(operator: str, values: Sequence[str], found: str | None) -> bool:
    """Compare the one value that a request has of a key; for all of none, every comparison holds."""
    for_all, _, comparison = operator.rpartition(":")
    if for_all not in ("", "ForAllValues") or comparison not in ("StringEquals", "StringLike"):
        return False
    if found is None:
        return bool(for_all)
    return any(_equals(comparison, wanted, found) for wanted in values)


def _equals(operator: str, wanted: str, found: str) -> bool:
    return _matches(wanted, found) if operator == "StringLike" else wanted == found


def _matches(pattern: str, text: str) -> bool:
    return (
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), text, re.DOTALL) is not None
    )


def _as_list(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
