"""The folders of `sam build`: small enough, the same twice, for the right processor and system."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpserverless.project.built import LIMIT, read_build
from local.functions import LAYER
from local.template import FUNCTION, Template

ROOT = Path(__file__).parents[2]
ARCHITECTURES = ("x86_64", "arm64")
MACHINES = {"x86_64": 0x3E, "arm64": 0xB7}
"""e_machine in an ELF header (elf.h)."""

NEWEST = {b"GLIBC": (2, 34), b"GLIBCXX": (3, 4, 29), b"CXXABI": (1, 3, 13)}
"""Newest symbols of Amazon Linux 2023, the system of python3.13: glibc 2.34 and the libstdc++ of GCC 11."""

TEMPLATE = Template.read(ROOT / "template.yaml")
FUNCTIONS = [function.name for function in TEMPLATE.of_type(FUNCTION)]
LAYERS = [layer.name for layer in TEMPLATE.of_type(LAYER)]


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def libraries(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in files(folder):
        content = path.read_bytes()
        if content.startswith(b"\x7fELF"):
            yield path, content


def prints(folder: Path) -> dict[str, tuple[str, int, float]]:
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mode,
            path.stat().st_mtime,
        )
        for path in files(folder)
    }


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_function_was_built_and_fits_with_its_layers(architecture: str, builds: Path) -> None:
    sizes = {function.name: function.bytes for function in read_build(builds / architecture)}
    assert sizes.keys() == set(FUNCTIONS)
    assert {name: size for name, size in sizes.items() if size > LIMIT} == {}
    assert min(sizes.values()) > 50_000_000, "the core alone is larger"


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_two_builds_are_the_same_to_the_byte(architecture: str, builds: Path) -> None:
    once, again = prints(builds / architecture), prints(builds / f"{architecture}-again")
    assert len(once) > 1000
    assert {name for name in once.keys() | again.keys() if once.get(name) != again.get(name)} == set()


@pytest.mark.parametrize("layer", LAYERS)
def test_bytecode_is_the_same_for_both_processors(layer: str, builds: Path) -> None:
    """It is made on one processor and runs on the other."""
    mine, theirs = (builds / architecture / layer for architecture in ARCHITECTURES)
    same = [each for each in mine.rglob("*.py") if alike(each, theirs / each.relative_to(mine))]
    assert same
    assert [
        each for each in same if not alike(bytecode(each), bytecode(theirs / each.relative_to(mine)))
    ] == []


def alike(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def bytecode(module: Path) -> Path:
    """Return where Python 3.13 looks for a module's bytecode."""
    return module.parent / "__pycache__" / f"{module.stem}.cpython-313.pyc"


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_machine_code_is_for_its_processor_and_for_no_newer_system(architecture: str, builds: Path) -> None:
    seen, wrong = 0, set()
    for path, content in libraries(builds / architecture):
        seen += 1
        if int.from_bytes(content[18:20], "little") != MACHINES[architecture]:
            wrong.add(f"{path.name} is for another processor")
        for name, version in re.findall(rb"\0(GLIBC|GLIBCXX|CXXABI)_([0-9.]+)(?=\0)", content):
            if tuple(map(int, version.split(b"."))) > NEWEST[name]:
                wrong.add(f"{path.name} needs {name.decode()} {version.decode()}")
    assert seen > 50
    assert wrong == set()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_build_is_deployed_for_its_processor_alone(architecture: str, builds: Path) -> None:
    template = Template.read(builds / architecture / "template.yaml")
    functions = [each.properties["Architectures"] for each in template.of_type(FUNCTION)]
    layers = [each.properties["CompatibleArchitectures"] for each in template.of_type(LAYER)]
    assert functions == [[architecture]] * len(FUNCTIONS)
    assert layers == [[architecture]] * len(LAYERS)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_layer_modules_have_bytecode_that_is_never_compared(
    architecture: str, layer: str, builds: Path
) -> None:
    modules = [path for path in files(builds / architecture / layer) if path.suffix == ".py"]
    assert modules
    for module in modules:
        content = bytecode(module).read_bytes()
        assert content[4:8] == b"\1\0\0\0", f"{module} is compared (PEP 552)"
        assert str(ROOT).encode() not in content, f"{module} knows where it was built"


@pytest.mark.parametrize("layer", LAYERS)
def test_layer_has_no_files_that_do_not_run(layer: str, builds: Path) -> None:
    idle = re.compile(r"(^|/)(tests|bin)/|\.(pyi|pyx|pxd|h|c|cpp|a)$|/(RECORD|direct_url\.json)$")
    folder = builds / "arm64" / layer / "python"
    assert [path for path in files(folder) if idle.search(str(path.relative_to(folder)))] == []
