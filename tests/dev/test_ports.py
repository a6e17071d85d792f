"""A free port for a server that starts a little later."""

from __future__ import annotations

import socket

import pytest

from dev.predeploy import ports
from dev.predeploy.ports import find_free_port


def test_port_is_free_and_none_that_a_connection_takes() -> None:
    port = find_free_port()
    with (
        socket.create_server(("127.0.0.1", port)),
        socket.create_connection(("127.0.0.1", port)) as connection,
    ):
        assert port < connection.getsockname()[1]


def test_port_in_use_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", find_free_port())) as server:
        used = server.getsockname()[1]
        free = find_free_port()
        monkeypatch.setattr(ports, "_PORTS", [used, free])
        assert {find_free_port() for _ in range(20)} == {free}
        monkeypatch.setattr(ports, "_PORTS", [used])
        with pytest.raises(OSError, match="no port of"):
            find_free_port()
