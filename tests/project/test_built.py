"""A finished build is for one processor, and its template says for which."""

from __future__ import annotations

from pathlib import Path

import pytest

from gpserverless.project.built import fix_processor
from local.resolver import Resolver
from local.template import Template

BUILT = """\
Parameters:
  Architecture:
    Type: String
    Default: arm64
  LogLevel:
    Type: String
    Default: INFO
Globals:
  Function:
    Architectures:
    - Ref: Architecture
    Layers:
    - Ref: ToolsLayer
Resources:
  ToolsLayer:
    Type: AWS::Serverless::LayerVersion
    Metadata:
      BuildArchitecture: x86_64
    Properties:
      CompatibleArchitectures:
      - Ref: Architecture
      ContentUri: ToolsLayer
  JobsFunction:
    Type: AWS::Serverless::Function
    Properties:
      VersionDescription:
        Fn::Sub: ${Architecture} ${LogLevel}
"""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    path = tmp_path / "template.yaml"
    path.write_text(BUILT, encoding="utf-8")
    return path


def test_fixed_processor_overrides_the_parameter(built: Path) -> None:
    fix_processor(built, "x86_64")
    template = Template.read(built)
    resolver = Resolver(template, {"Architecture": "arm64"})
    function, layer = (
        resolver(template.resources[name].properties) for name in ("JobsFunction", "ToolsLayer")
    )
    assert function["Architectures"] == layer["CompatibleArchitectures"] == ["x86_64"]
    assert function["VersionDescription"] == "x86_64 INFO"


def test_fix_processor_changes_nothing_else(built: Path) -> None:
    fix_processor(built, "x86_64")
    changed = [
        (before.strip(), after.strip())
        for before, after in zip(BUILT.splitlines(), built.read_text("utf-8").splitlines(), strict=True)
        if before != after
    ]
    assert changed == [
        ("- Ref: Architecture", "- x86_64"),
        ("- Ref: Architecture", "- x86_64"),
        ("Fn::Sub: ${Architecture} ${LogLevel}", "Fn::Sub: x86_64 ${LogLevel}"),
    ]


def test_fix_processor_leaves_a_finished_build(built: Path) -> None:
    fix_processor(built, "x86_64")
    once = built.read_bytes()
    fix_processor(built, "x86_64")
    assert built.read_bytes() == once


@pytest.mark.parametrize("written", ["!Ref Architecture", "{Ref: Architecture}", '{"Ref": "Architecture"}'])
def test_fix_processor_refuses_a_template_in_another_style(written: str, built: Path) -> None:
    built.write_text(BUILT.replace("- Ref: Architecture", f"- {written}"), encoding="utf-8")
    with pytest.raises(ValueError, match="a place that is not known here"):
        fix_processor(built, "arm64")
