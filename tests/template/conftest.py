"""The template, with its intrinsic functions resolved against placeholder names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.functions import add_functions
from local.resolver import Resolver
from local.template import Template

PATH = Path(__file__).parents[2] / "template.yaml"


@pytest.fixture(scope="session")
def template() -> Template:
    """Return the template of this repository."""
    return Template.read(PATH)


@pytest.fixture(scope="session")
def resolver(template: Template) -> Resolver:
    """Return a resolver with the defaults of the parameters."""
    return make_resolver(template)


def make_resolver(template: Template, **parameters: str) -> Resolver:
    """Return a resolver for which the ARN of a resource is `arn:<LogicalId>`, and its Ref the logical id."""
    made = Resolver(template, parameters)
    for name in template.resources:
        made.add(
            name,
            name,
            Arn=f"arn:{name}",
            StreamArn=f"arn:{name}/stream",
            QueueName=name,
            ApiEndpoint="https://api",
        )
    add_functions(template, made)
    return made


@pytest.fixture(scope="session")
def properties(template: Template, resolver: Resolver) -> Mapping[str, Mapping[str, Any]]:
    """Return the resolved properties of every resource."""
    return resolve_all(template, resolver)


def resolve_all(template: Template, resolver: Resolver) -> dict[str, Mapping[str, Any]]:
    """Return the resolved properties of every resource, those without a true condition among them."""
    return {name: resolver(resource.properties) for name, resource in template.resources.items()}
