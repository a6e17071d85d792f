"""The site routes requests as template.yaml does."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpserverless.testing.events import function_of
from local.template import Template

TEMPLATE = Template.read(Path(__file__).parents[2] / "template.yaml")
PUBLISHED = [
    (route.properties["RouteKey"].split()[-1], route.properties["Target"]["Fn::Sub"])
    for route in TEMPLATE.of_type("AWS::ApiGatewayV2::Route")
]
SERVED = [
    (path, target)
    for path, target in PUBLISHED
    if not any(name in target for name in ("Uploads", "SignIn", "Soap"))
]


@pytest.mark.parametrize(("path", "target"), SERVED)
def test_path_leads_to_the_function_of_its_route(path: str, target: str) -> None:
    name = function_of(path).title().replace("_", "")
    assert target == f"integrations/${{{name}Integration}}"
