"""The drawings of the two trips show the calls as they are made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gpserverless.testing import Site
from tests.docs.trips import read_drawing, trace

POINT = {"attributes": {"a": 1}, "geometry": {"x": 13.5, "y": 52.4}}
POINTS = {"spatialReference": {"wkid": 4326}, "features": [POINT]}
BUFFER = ("Samples", "BufferPoints", {"points": POINTS, "distance": "50 Kilometers"})


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A site whose functions have imported all that the trips need."""
    site = Site.of_package()
    site.execute(*BUFFER)
    follow_job(site)
    yield site
    site.close()


def follow_job(site: Site) -> None:
    """Submit a job, run it, and read a result."""
    job = site.submit("Conformance/Async", "Echo", {"In_GPString": "x"})
    site.run_jobs()
    site.result(job, "Out_GPString")


def test_execute_makes_the_calls_that_are_drawn(site: Site) -> None:
    drawing = read_drawing("execute")
    assert trace({line.strip() for line in drawing}, lambda: site.execute(*BUFFER)) == drawing


def test_job_makes_the_calls_that_are_drawn(site: Site) -> None:
    drawing = read_drawing("job")
    assert trace({line.strip() for line in drawing}, lambda: follow_job(site)) == drawing
