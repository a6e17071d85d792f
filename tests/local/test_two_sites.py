"""Two sites of one clone have logs of their own; one that starts or ends leaves those of the other alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from local import LocalCloud, ServeOptions
from tests.local.stack import Running, ask, copy_sources


def test_two_sites_of_one_clone_have_logs_of_their_own(
    running: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.cloud.endpoint)
    options = ServeOptions(template=copy_sources(tmp_path), warm=False, per_port=True)
    with LocalCloud(options) as first:
        assert ask(first.url, "/echo/x").status == 200
        with LocalCloud(options) as second:
            assert ask(second.url, "/echo/x").status == 200
        assert ask(first.url, "/echo/x").status == 200
        ports = [site.url.rpartition(":")[2] for site in (first, second)]
    for port in ports:
        assert list((tmp_path / ".local" / port / "logs").glob("*.log"))


def test_folder_of_a_site_is_named_after_its_port_if_others_share_the_state(tmp_path: Path) -> None:
    alone = ServeOptions(state=tmp_path)
    assert alone.at(8001).logs == tmp_path / "logs"
    assert replace(alone, per_port=True).at(8001).logs == tmp_path / "8001" / "logs"
