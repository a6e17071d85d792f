"""The tutorial works as it is written: its files, its requests, its tests and its mistake."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpserverless.errors import AuthoringError
from gpserverless.testing import Site
from gpserverless.toolkit.toolboxes import discover
from tests.docs.commands import Command, read_commands, send
from tests.docs.test_documents import DOCUMENTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/tutorial/first-tool.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
PACKAGE = "toolboxes_of_the_tutorial"
SERVICE, TOOL, TEST = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def write_toolbox(folder: Path, package: str, tool: str = TOOL) -> None:
    """Write the service and the tool of the page below a folder."""
    toolbox = folder / package / "water"
    toolbox.mkdir(parents=True)
    (folder / package / "__init__.py").touch()
    (toolbox / "__init__.py").write_text(SERVICE, "utf-8")
    (toolbox / "protection_zones.py").write_text(tool, "utf-8")


def forget(package: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("tutorial")
    write_toolbox(folder, PACKAGE)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield Site.of_package(PACKAGE)
    forget(PACKAGE)


@pytest.mark.parametrize("command", read_commands(PAGE), ids=lambda command: command.text[-60:])
def test_command_prints_what_is_written(site: Site, command: Command) -> None:
    assert send(site, command) == command.printed


def test_number_alone_is_in_metres(site: Site) -> None:
    assert "`distance=5` is five metres" in PAGE
    wells = {"spatialReference": {"wkid": 2263}, "features": [{"geometry": {"x": 0, "y": 0}}]}
    (ring,) = site.execute("Water", "ProtectionZones", {"wells": wells, "distance": "5"}).values["output"][
        "features"
    ][0]["geometry"]["rings"]
    assert max(y for _, y in ring) * 1200 / 3937 == pytest.approx(5, rel=1e-4)


def test_test_file_passes_as_it_is(tmp_path: Path) -> None:
    write_toolbox(tmp_path, "toolboxes")
    file = tmp_path / "test_protection_zones.py"
    file.write_text(TEST, "utf-8")
    path = f"pythonpath={tmp_path} {ROOT / 'layers/gpserverless/python'}"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", file, "-p", "no:cacheprovider", "-o", path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert f"{TEST.count('def test_')} passed" in ran.stdout


def test_mistake_is_told_as_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = f"{PACKAGE}_with_a_mistake"
    removed = "        merge: Whether zones that meet become one.\n"
    assert removed in TOOL
    write_toolbox(tmp_path, package, TOOL.replace(removed, ""))
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(AuthoringError) as raised:
        list(discover(package))
    forget(package)
    (told,) = re.findall(r"^    (tool 'protection_zones': .+)$", PAGE, re.MULTILINE)
    assert str(raised.value).endswith(told)


@pytest.fixture(scope="module")
def shipped() -> Site:
    return Site.of_package()


def test_readme_prints_what_is_written(shipped: Site) -> None:
    (command,) = read_commands(README)
    assert send(shipped, command) == command.printed


WITH_A_SECRET = ("sign-in-from-clients.md", "first-deployment.md")
"""The pages whose commands send a password or a token, which must not follow a redirect elsewhere."""


@pytest.mark.parametrize("page", DOCUMENTS, ids=lambda page: page.name)
def test_curl_follows_redirects(page: Path) -> None:
    lines = [
        line for line in page.read_text("utf-8").splitlines() if re.search(r"(^|[ (])curl .*[\"'$/]", line)
    ]
    commands = [line for line in lines if re.match(r"(    |\$ |token=|curl )", line)]
    for line in commands if page.name not in WITH_A_SECRET else ():
        assert re.search(r"curl (-\w+ )*-\w*L", line), line
