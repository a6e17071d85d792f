"""The template is read as CloudFormation and SAM read it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.options import ROOT
from local.resolver import ACCOUNT, REGION, STACK, Resolver
from local.template import Template, TemplateError, parse_parameters, read_sam_parameters

DOCUMENT = """
Parameters:
  Size: {Type: Number, Default: 3}
  Name: {Type: String}
Conditions:
  IsBig: !Equals [!Ref Size, "3"]
  IsSmall: !Not [!Condition IsBig]
Globals:
  Function:
    Runtime: python3.13
    Layers: [shared]
    Environment: {Variables: {A: shared, B: shared}}
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Layers: [own]
      Environment: {Variables: {B: own}}
  Value:
    Type: Test::Value
    Properties:
      Given: %s
"""


def resolved(text: str, tmp_path: Path) -> Any:
    path = tmp_path / "template.yaml"
    path.write_text(DOCUMENT % text)
    template = Template.read(path)
    resolver = Resolver(template, {"Name": "n"})
    resolver.add("Queue", "http://queue", Arn="arn:queue")
    return resolver(template.resources["Value"].properties).get("Given", "nothing")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!Ref Size", "3"),
        ("!Ref Queue", "http://queue"),
        ("!Ref AWS::Region", REGION),
        ("!GetAtt Queue.Arn", "arn:queue"),
        ("{Fn::GetAtt: [Queue, Arn]}", "arn:queue"),
        ('!Sub "${Name}-${Queue.Arn}-${AWS::AccountId}-${!Kept}"', f"n-arn:queue-{ACCOUNT}-${{Kept}}"),
        ('!Sub ["${A}/${Name}", {A: !Ref Size}]', "3/n"),
        ('!Join ["-", [a, !Ref Name, !Ref AWS::StackName]]', f"a-n-{STACK}"),
        ("!If [IsBig, big, small]", "big"),
        ("!If [IsSmall, small, [!Ref Name]]", ["n"]),
        ("!If [IsSmall, small, !Ref AWS::NoValue]", "nothing"),
        ("[!Ref Name, !Ref AWS::NoValue]", ["n"]),
        ('!Select [1, !Split [",", "a,b"]]', "b"),
        ("{Deep: {Ref: Name}}", {"Deep": "n"}),
    ],
)
def test_intrinsic_functions_give_their_values(text: str, value: object, tmp_path: Path) -> None:
    assert resolved(text, tmp_path) == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("!Ref Nothing", "refers to Nothing"),
        ("!GetAtt Queue.Colour", "does not know Queue.Colour"),
        ("!Cidr [10.0.0.0/16, 1, 8]", "does not understand Fn::Cidr"),
    ],
)
def test_unresolvable_reference_is_named(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match=problem):
        resolved(text, tmp_path)


@pytest.mark.parametrize(
    ("parameters", "problem"),
    [({}, "no value for parameter Name"), ({"Name": "n", "Nam": "n"}, "no parameter Nam")],
)
def test_parameters_are_known_and_given(parameters: dict[str, str], problem: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(DOCUMENT % "x")
    with pytest.raises(TemplateError, match=problem):
        Resolver(Template.read(path), parameters)


def test_globals_are_merged_into_functions(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(DOCUMENT % "x")
    assert Template.read(path).resources["Work"].properties == {
        "Runtime": "python3.12",
        "Layers": ["shared", "own"],
        "Environment": {"Variables": {"A": "shared", "B": "own"}},
    }


@pytest.mark.parametrize("text", ["a: [", "", "[]", "Resources: {}", "Resources: {A: {}}"])
def test_invalid_template_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(text)
    with pytest.raises(TemplateError, match=r"template\.yaml"):
        Template.read(path)


@pytest.mark.parametrize("value", ["\"A=1 B='two words'\"", '["A=1", "B=two words"]'])
def test_parameters_come_from_samconfig(value: str, tmp_path: Path) -> None:
    path = tmp_path / "samconfig.toml"
    path.write_text(f"[local.global.parameters]\nparameter_overrides = {value}\n")
    assert read_sam_parameters(path, "local") == {"A": "1", "B": "two words"}
    assert read_sam_parameters(path, "prod") == {}
    assert read_sam_parameters(tmp_path / "none.toml", "local") == {}


def test_tags_are_known_to_our_loader_only() -> None:
    """In a process of its own: SAM's own reader, which other tests use, tells its tags to everybody."""
    script = "import yaml, local.template; yaml.safe_load('!Ref Name')"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "could not determine a constructor for the tag '!Ref'" in done.stderr


GIVEN_BY_THE_ENVIRONMENT = [
    ("", {}),
    ("FetchAllowedHosts=*.arcgis.com,gis.example.org", {"FetchAllowedHosts": "*.arcgis.com,gis.example.org"}),
    ("A=1 B='two words' C=", {"A": "1", "B": "two words", "C": ""}),
    ("A=b=c", {"A": "b=c"}),
]


@pytest.mark.parametrize(("text", "parameters"), GIVEN_BY_THE_ENVIRONMENT)
def test_parameters_are_read_as_sam_reads_them(text: str, parameters: dict[str, str]) -> None:
    assert parse_parameters(text) == parameters


@pytest.mark.parametrize("text", ["FetchAllowedHosts", "A=1 B", "A='1"])
def test_parameter_without_a_value_is_an_error_that_shows_it(text: str) -> None:
    with pytest.raises(TemplateError, match="Name=value") as raised:
        parse_parameters(text)
    assert repr(text) in str(raised.value)
