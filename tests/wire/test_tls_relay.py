"""The relay of the documents: the ArcGIS API for Python makes every portal's address https."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import urllib3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dev.predeploy.ports import find_free_port
from tests.local_users import KnownUser
from tests.wire.conftest import Site
from tests.wire.test_arcgis_python_sign_in import PythonClient

DOCUMENT = Path(__file__).parents[2] / "docs/how-to/sign-in-from-clients.md"


def write_certificate(folder: Path) -> None:
    """Make the files that the command before the example makes, without its program."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    places = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(places, critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(key.private_bytes(*plain))


@pytest.fixture(scope="module")
def relayed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Return the site as it is seen through the relay."""
    folder, port = tmp_path_factory.mktemp("relay"), find_free_port()
    write_certificate(folder)
    (example,) = (
        b for b in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL) if "ssl" in b
    )
    program = example.replace("8000", str(urlsplit(site.url).port)).replace("8443", str(port))
    with subprocess.Popen([sys.executable, "-c", program], cwd=folder) as relay:
        seen = Site(f"https://localhost:{port}")
        seen.pool.connection_pool_kw["ssl_context"] = ssl.create_default_context(cafile=folder / "cert.pem")
        try:
            wait_for(seen)
            yield seen
        finally:
            relay.terminate()


def wait_for(site: Site) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            assert site.get("/arcgis/rest/info")
            return
        except urllib3.exceptions.HTTPError:
            assert time.monotonic() < deadline


def test_gis_signs_in_through_the_relay(relayed: Site, ana: KnownUser) -> None:
    client = PythonClient(relayed, ana)
    client.sign_in()
    assert client.origin.startswith("https://localhost:")
    assert client.get_to_know()["username"] == "ana"


def test_token_is_exchanged_for_the_address_of_the_relay(relayed: Site, ana: KnownUser) -> None:
    client = PythonClient(relayed, ana)
    client.sign_in()
    server = f"{relayed.url}/arcgis/rest/services"
    form = {"request": "getToken", "serverURL": server, "token": client.token}
    assert client.ask("POST", "/arcgis/sharing/rest/generateToken", **form)["token"]
