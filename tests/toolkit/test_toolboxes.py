"""Folders are services, files are tasks: discovery, and what is wrong with a toolbox that is not one."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpserverless.caller import Access, Role
from gpserverless.errors import AuthoringError, NotFound
from gpserverless.protocols.gpserver import describe
from gpserverless.toolkit.catalogue import Catalogue, dump_catalogue, find_catalogue_file, parse_catalogue
from gpserverless.toolkit.service import Service
from gpserverless.toolkit.toolboxes import discover

SERVICE = '"""Test tools."""\nfrom gpserverless import Service\nservice = Service(execution="{}")\n'
TOOL = '''
from gpserverless import tool

@tool
def {0}(x: int = 1) -> int:
    """Do.

    Args:
        x: It.
    """
    return x
'''


class Package:
    """A package of toolboxes in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root / "boxes"
        self.write("__init__.py", "")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def boxes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    yield Package(tmp_path)
    for name in [n for n in sys.modules if n.partition(".")[0] == "boxes"]:
        del sys.modules[name]


def test_folder_is_a_service_and_a_file_is_a_task(boxes: Package) -> None:
    boxes.write("flood_risk/__init__.py", SERVICE.format("async"))
    boxes.write("flood_risk/find_depth.py", TOOL.format("find_depth"))
    boxes.write("flood_risk/_shared.py", "raise AssertionError('hidden files are not imported')")
    (found,) = discover("boxes")
    assert (found.spec.name, found.spec.execution, found.spec.description) == (
        "FloodRisk",
        "async",
        "Test tools.",
    )
    assert [t.name for t in found.spec.tasks] == ["FindDepth"]
    assert found.tools["FindDepth"](5) == 5


def test_package_without_a_service_is_a_folder(boxes: Package) -> None:
    boxes.write("water/__init__.py", "")
    boxes.write("water/flood/__init__.py", SERVICE.format("sync"))
    boxes.write("water/flood/depth.py", TOOL.format("depth"))
    catalogue = Catalogue.select(box.spec for box in discover("boxes"))
    assert catalogue.folders == ("Water",)
    assert [s.name for s in catalogue.list_services("Water")] == ["Water/Flood"]
    assert catalogue.list_services("") == ()
    with pytest.raises(NotFound):
        catalogue.list_services("Fire")


MISTAKES = {
    "two tools of one name": (
        {
            "a/__init__.py": SERVICE.format("sync"),
            "a/one.py": TOOL.format("same"),
            "a/two.py": TOOL.format("same"),
        },
        "service 'A' has two tasks named 'Same'; rename one",
    ),
    "a task named as a resource of the service": (
        {"a/__init__.py": SERVICE.format("sync"), "a/one.py": TOOL.format("info")},
        "task 'Info': every service has a resource of this name; choose another",
    ),
    "two services of one name": (
        {
            "a_b/__init__.py": SERVICE.format("sync"),
            "a_b/one.py": TOOL.format("one"),
            "aB/__init__.py": SERVICE.format("sync"),
            "aB/one.py": TOOL.format("one"),
        },
        "two services are named 'AB'; rename one of the folders",
    ),
    "two services with one folder of files": (
        {
            "water/__init__.py": "",
            "water/flood/__init__.py": SERVICE.format("sync"),
            "water/flood/one.py": TOOL.format("one"),
            "x/__init__.py": SERVICE.format("sync").replace(")", ", name='Water_Flood')"),
            "x/one.py": TOOL.format("one"),
        },
        "two services would share a folder of files: 'Water_Flood' and 'water/flood'; rename one of them",
    ),
    "a rule that is none": (
        {
            "a/__init__.py": SERVICE.format("sync").replace(")", ", access='planners')"),
            "a/one.py": TOOL.format("one"),
        },
        "access is an Access, such as Access(groups={'planners'}), not 'planners'",
    ),
    "a rule for a tool that is none": (
        {
            "a/__init__.py": SERVICE.format("sync"),
            "a/one.py": TOOL.format("one").replace("@tool", "@tool(access=True)"),
        },
        "access is an Access, such as Access(groups={'planners'}), not True",
    ),
    "no tool in a file": (
        {"a/__init__.py": SERVICE.format("sync"), "a/one.py": ""},
        "it holds no tool; one file is one task",
    ),
    "a twin that is nowhere": (
        {
            "a/__init__.py": SERVICE.format("sync").replace(")", ", tools_of='boxes.none')"),
            "a/one.py": TOOL.format("one"),
        },
        "tools_of names no package: No module named 'boxes.none'",
    ),
    "two tools in a file": (
        {"a/__init__.py": SERVICE.format("sync"), "a/one.py": TOOL.format("one") + TOOL.format("two")},
        "it holds 2 tools; one file is one task",
    ),
    "an empty toolbox": ({"a/__init__.py": SERVICE.format("sync")}, "the toolbox has no tool"),
    "a tool outside a toolbox": (
        {"one.py": TOOL.format("one")},
        "a task lies in a folder; move it into a toolbox",
    ),
    "folders two deep": (
        {"a/__init__.py": "", "a/b/__init__.py": "", "a/b/c/__init__.py": SERVICE.format("sync")},
        "folders are one level deep",
    ),
    "an unknown execution": (
        {"a/__init__.py": SERVICE.format("later")},
        "execution is 'sync' or 'async', not 'later'",
    ),
    "an unknown worker": (
        {"a/__init__.py": SERVICE.format("async").replace(")", ", worker='gpu')")},
        "worker is 'core' or 'vector' or 'raster', not 'gpu'",
    ),
    "a worker without jobs": (
        {"a/__init__.py": SERVICE.format("sync").replace(")", ", worker='raster')")},
        "only jobs run in the raster worker: use execution='async'",
    ),
    "a webhook without jobs": (
        {"a/__init__.py": SERVICE.format("sync").replace(")", ", webhook='https://example.org/')")},
        "a webhook is told of jobs: use execution='async'",
    ),
    "a run that outlasts its function": (
        {"a/__init__.py": SERVICE.format("sync").replace(")", ", seconds=60)")},
        "seconds is at most 25 for sync services, not 60",
    ),
}


def test_twin_offers_the_tools_of_another_service_and_its_own(boxes: Package) -> None:
    boxes.write("jobs/__init__.py", SERVICE.format("async"))
    boxes.write("jobs/one.py", TOOL.format("one"))
    boxes.write("quick/__init__.py", SERVICE.format("sync").replace(")", ", tools_of='boxes.jobs')"))
    boxes.write("quick/two.py", TOOL.format("two"))
    jobs, quick = discover("boxes")
    assert (jobs.spec.execution, list(jobs.tools)) == ("async", ["One"])
    assert (quick.spec.execution, sorted(quick.tools)) == ("sync", ["One", "Two"])
    assert quick.tools["One"] is jobs.tools["One"]


def test_worker_imports_only_the_tools_that_name_it(boxes: Package) -> None:
    boxes.write("lines/__init__.py", SERVICE.format("async"))
    boxes.write("lines/one.py", TOOL.format("one"))
    boxes.write("rasters/__init__.py", SERVICE.format("async").replace(")", ", worker='raster')"))
    boxes.write("rasters/two.py", "raise ImportError('no GDAL here')")
    (found,) = discover("boxes", "core")
    assert (found.spec.name, found.spec.worker) == ("Lines", "core")
    assert discover("boxes", "vector") == ()
    with pytest.raises(ImportError, match="no GDAL here"):
        discover("boxes", "raster")


def test_toolbox_that_is_switched_off_is_not_imported(boxes: Package) -> None:
    boxes.write("lines/__init__.py", SERVICE.format("async"))
    boxes.write("lines/one.py", TOOL.format("one"))
    boxes.write("trials/__init__.py", SERVICE.format("sync").replace(")", ", published_when='TRIALS')"))
    boxes.write("trials/two.py", "raise ImportError('switched on')")
    for on in ((), ("OTHER",)):
        assert [box.spec.name for box in discover("boxes", switched_on=on)] == ["Lines"]
    with pytest.raises(ImportError, match="switched on"):
        discover("boxes", switched_on=("TRIALS",))


@pytest.mark.parametrize(("files", "advice"), MISTAKES.values(), ids=MISTAKES)
def test_every_mistake_is_an_error_that_says_what_to_do(
    boxes: Package, files: dict[str, str], advice: str
) -> None:
    for name, text in files.items():
        boxes.write(name, text)
    with pytest.raises(AuthoringError, match=r"py:(\d+:)? |two services") as caught:
        discover("boxes")
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "https://example.org:8443/hooks/jobs?of=town",
        "http://127.0.0.1:9000/hooks",
        "http://localhost:9000/",
        "http://[::1]:9000/",
        "http://10.0.0.5/hooks",
    ],
)
def test_webhook_is_in_the_catalogue_and_no_caller_sees_it(boxes: Package, url: str) -> None:
    boxes.write("a/__init__.py", SERVICE.format("async").replace(")", f", webhook={url!r})"))
    boxes.write("a/one.py", TOOL.format("one"))
    (found,) = discover("boxes")
    assert parse_catalogue(dump_catalogue([found.spec])) == (found.spec,)
    assert Catalogue.select([found.spec]).webhooks == {"A": url}
    assert url not in str(describe.service(found.spec, "https://gis.example.org/arcgis"))


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("hooks.example.org", "absolute URL"),
        ("ftp://example.org/", "absolute URL"),
        ("https://", "absolute URL"),
        ("https://example.org:0/", "absolute URL"),
        ("https://example.org:port/", "no URL"),
        ("https://[example.org/", "no URL"),
        ("http://example.org/", "webhook is https"),
        ("http://8.8.8.8/", "webhook is https"),
        ("https://ada@example.org/", "no user name"),
        ("https://ada:secret@example.org/", "no user name"),
        ("https://example.org/#jobs", "no user name, password or fragment"),
        ("https://example.org/a b", "without spaces"),
        ("https://example.org/\n", "printable ASCII"),
        ("https://müller.example.org/", "printable ASCII"),
        ("https://example.org/" + "a" * 2_000, "2,000 characters"),
    ],
)
def test_webhook_that_could_not_be_called_is_an_error_at_once(url: str, advice: str) -> None:
    with pytest.raises(AuthoringError, match=advice) as caught:
        Service("async", webhook=url).check_webhook()
    assert "secret" not in str(caught.value)


def test_catalogue_file_holds_everything_that_is_known() -> None:
    specs = tuple(box.spec for box in discover())
    assert parse_catalogue(dump_catalogue(specs)) == specs


def test_catalogue_file_is_not_stale() -> None:
    assert find_catalogue_file().read_bytes() == dump_catalogue(box.spec for box in discover()), (
        "run `make catalogue`"
    )


def test_service_can_wait_for_a_setting() -> None:
    specs = [box.spec for box in discover()]
    assert "Conformance/Sync" not in Catalogue.select(specs).services
    assert "Conformance/Sync" in Catalogue.select(specs, {"PUBLISH_CONFORMANCE"}).services


RULED = """'''Test tools.'''

from gpserverless import Access, Service

service = Service(execution="sync", access=Access(groups={"planners", "builders"}))
"""


def test_rules_of_a_service_and_its_tools_are_in_the_catalogue_file(boxes: Package) -> None:
    boxes.write("a/__init__.py", RULED)
    boxes.write("a/one.py", TOOL.format("one"))
    access = "from gpserverless import Access, Role\n" + TOOL.format("two")
    boxes.write("a/two.py", access.replace("@tool", "@tool(access=Access(role=Role.PUBLISHER))"))
    (box,) = discover("boxes")
    (spec,) = parse_catalogue(dump_catalogue([box.spec]))
    assert spec.access == Access(groups={"planners", "builders"})
    assert [task.access for task in spec.tasks] == [None, Access(role=Role.PUBLISHER)]


def test_site_can_be_secured_as_a_whole() -> None:
    specs = [box.spec for box in discover()]
    assert all(s.access is None for s in Catalogue.select(specs).services.values())
    secured = Catalogue.select(specs, {"PUBLISH_CONFORMANCE"}, Access())
    own = {s.name: s.access for s in specs if s.access}
    assert {name: s.access for name, s in secured.services.items()} == {
        s.name: own.get(s.name, Access()) for s in specs
    }


@pytest.mark.parametrize("precision", [-1, 16])
def test_geometry_precision_is_that_of_a_double(precision: int) -> None:
    with pytest.raises(AuthoringError, match="geometry_precision is from 0 to 15"):
        Service("sync", geometry_precision=precision).limits()
    assert Service("sync", geometry_precision=0).limits().geometry_precision == 0
    assert Service("async").limits().geometry_precision is None
