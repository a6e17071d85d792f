"""`make test-wheel`: the whole first hour with a wheel, in an environment that has nothing else.

It builds the wheel and a newer one, installs the first, and makes a project in a folder with blanks. It
builds the project, deploys it to an AWS on this machine, runs its task there, and upgrades it. It prints how
long each step took. Packages come from the registry, so it is not among the tests of `make test`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import gpserverless
from dev.predeploy.deploy_local import adapt_template
from dev.predeploy.ministack import ministack
from gpserverless.project.programs import PROCESSOR, find_program
from local.resolver import REGION
from local.resources import CREDENTIAL, make_client
from tests.first_hour import WELLS, Hour, take_local_steps

ROOT = Path(__file__).parents[2]
NEWER = "0.1.1"
BUCKET = "first-hour"
STATIC = "layers/gpserverless/python/gpserverless/pages/static"
VERSION_FILES = ("pyproject.toml", "layers/gpserverless/python/gpserverless/__init__.py")


def main() -> None:
    """Take all steps; an assertion fails with the first that goes wrong."""
    with tempfile.TemporaryDirectory(prefix="first hour ") as folder:
        home = Path(folder)
        first, newer = build_wheels(home)
        environment = make_environment(home, first)
        variables = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "UV_FIND_LINKS": str(newer.parent),
            "NO_COLOR": "1",
            "COLUMNS": "200",
            "PYTHONPATH": "",
        }
        hour = Hour([environment / "bin/gpserverless"], home, variables)
        assert hour.succeed("--version", where=home).strip() == gpserverless.__version__
        take_local_steps(hour)
        check_imports(hour)
        hour.succeed("build", "--architecture", PROCESSOR)
        deploy(hour)
        hour.succeed("upgrade")
        assert hour.succeed("--version").strip() == NEWER
        assert (hour.project / "pyproject.toml").read_text("utf-8").count(f"=={NEWER}") == 2
        for step, seconds in hour.seconds.items():
            print(f"ok     gpserverless {step:24} {seconds:6.1f} s")


def build_wheels(home: Path) -> tuple[Path, Path]:
    """Build the wheel of the sources and static files as they are, and one of a newer version."""
    sources = home / "sources"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, sources / name)
    shutil.copytree(ROOT / STATIC, sources / STATIC)
    first = build_wheel(sources, home / "first")
    for name in VERSION_FILES:
        text = (sources / name).read_text("utf-8")
        (sources / name).write_text(
            text.replace(f'ersion__ = "{gpserverless.__version__}"', f'ersion__ = "{NEWER}"').replace(
                f'\nversion = "{gpserverless.__version__}"', f'\nversion = "{NEWER}"'
            ),
            "utf-8",
        )
    return first, build_wheel(sources, home / "newer")


def build_wheel(sources: Path, folder: Path) -> Path:
    """Build a wheel by way of a source distribution, as it is published."""
    run([find_program("uv"), "build", "--quiet", "--out-dir", folder, sources])
    (wheel,) = folder.glob("*.whl")
    return wheel


def make_environment(home: Path, wheel: Path) -> Path:
    """Make an environment with a wheel, and what its extras bring."""
    uv, folder = find_program("uv"), home / "an environment"
    run([uv, "venv", "--quiet", "--no-python-downloads", "--python", sys.executable, folder])
    python = folder / "bin/python"
    wanted = f"gpserverless[local,deploy,vector] @ {wheel.as_uri()}"
    run([uv, "pip", "install", "--quiet", "--python", python, wanted, "pytest>=8.4"])
    return folder


def run(command: list[str | Path], **more: Mapping[str, str]) -> None:
    """Run a command that has to succeed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"


def check_imports(hour: Hour) -> None:
    """Fail a build whose tool imports what no requirement brings, and pass it with the line that it names."""
    good = hour.tool.read_text("utf-8")
    hour.tool.write_text(good.replace("from shapely", "import networkx\nfrom shapely", 1), "utf-8")
    done = hour.run("build", "--architecture", PROCESSOR)
    assert done.status == 1, done.errors
    line = re.search(
        r'imports networkx, which no layer .* pyproject.toml:\n    ("networkx>=\S+",)', done.errors
    )
    assert line, done.errors
    file = hour.project / "pyproject.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("dependencies = [\n", f"dependencies = [\n    {line[1]}\n", 1), "utf-8")
    hour.succeed("build", "--architecture", PROCESSOR)
    file.write_text(text, "utf-8")
    hour.tool.write_text(good, "utf-8")


def deploy(hour: Hour) -> None:
    """Deploy the build to an AWS on this machine, and run the task there."""
    built = hour.project / ".gpserverless/build/template.yaml"
    with ministack() as endpoint:
        make_client("s3", endpoint).create_bucket(Bucket=BUCKET)
        shutil.copy(adapt_template(built), built)
        there = Hour(
            hour.command,
            hour.folder,
            {
                **hour.variables,
                "AWS_ENDPOINT_URL": endpoint,
                "AWS_ACCESS_KEY_ID": CREDENTIAL,
                "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
                "AWS_DEFAULT_REGION": REGION,
            },
            hour.seconds,
        )
        overrides = f"AwsEndpointUrl={endpoint}"
        where = ("--no-resolve-s3", "--s3-bucket", BUCKET, "--parameter-overrides", overrides)
        there.succeed("deploy", "--no-build", *where)
        stacks = make_client("cloudformation", endpoint).describe_stacks(StackName="rivers-dev")["Stacks"]
        (url,) = (o["OutputValue"] for o in stacks[0]["Outputs"] if o["OutputKey"] == "ServicesUrl")
        (hour.project / "wells.geojson").write_text(json.dumps(WELLS), "utf-8")
        given = ("--points", "wells.geojson", "--distance", "5 km", "--url", url)
        assert "output: 1 feature" in there.succeed("run", "buffer_points", *given)
        assert json.loads(there.succeed("jobs", "list", "--stack", "rivers-dev", "--json")) == []


if __name__ == "__main__":
    main()
