"""The tutorial of the first deployment: its names are those of the stack, and its calls answer as written."""

from __future__ import annotations

import re
import shlex
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from gpserverless.caller import Role
from gpserverless.testing import Site
from tests.docs.commands import Command, read_commands, send
from tests.template.conftest import PATH

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/tutorial/first-deployment.md").read_text("utf-8")
SERVICES = "http://127.0.0.1:8000/arcgis/rest/services"
COMMANDS = [replace(each, text=each.text.replace("$SERVICES", SERVICES)) for each in read_commands(PAGE)]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site.of_package(secured=True)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.text[-60:])
def test_command_prints_what_is_written(site: Site, command: Command) -> None:
    caller = site.sign_in("ana", Role.ADMINISTRATOR) if "$TOKEN" in command.text else site
    assert send(caller, command) == command.printed


def test_stack_is_that_of_the_configuration() -> None:
    configured = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))["default"]["deploy"][
        "parameters"
    ]
    named = re.findall(r"--stack(?:-name)? ([\w-]+)", PAGE)
    assert len(named) == 3
    assert set(named) == {configured["stack_name"]}


def test_names_are_those_of_the_template() -> None:
    template = PATH.read_text("utf-8")
    (output,) = re.findall(r"OutputKey=='(\w+)'", PAGE)
    assert f"\n  {output}:\n" in template.partition("\nOutputs:")[2]
    for parameter in re.findall(r"--parameter-overrides (\w+)=", PAGE):
        assert f"\n  {parameter}:\n" in template


def test_words_of_make_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    words = re.findall(r"^    make ([\w-]+)", PAGE, re.MULTILINE)
    assert words == ["build", "users"]
    for word in words:
        assert re.search(rf"^{word}:", makefile, re.MULTILINE)


def test_token_is_asked_for_as_the_shell_reads_it() -> None:
    (command,) = re.findall(r"TOKEN=\$\((curl .*?)\| sed", PAGE.replace("\\\n", " "), re.DOTALL)
    words = shlex.split(command)
    assert "${SERVICES%/rest/services}/tokens/generateToken" in words
    assert {"username=ana", "password=$PASSWORD", "f=json"} <= set(words)
