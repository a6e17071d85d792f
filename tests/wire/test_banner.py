"""Every address of the banner, and of `make help`, answers somebody who has not signed in."""

from __future__ import annotations

import re

import orjson
import urllib3

from local.banner import build_banner
from local.catalogue import read_published_services
from local.cloud import LocalCloud
from local.functions import layer_paths
from local.options import ROOT
from local.template import Template


def read_error(address: str) -> object:
    """Return the error that an address is answered with, None for none."""
    separator = "&" if "?" in address else "?"
    answer = urllib3.request("GET", f"{address}{separator}f=json", timeout=90)
    assert answer.status == 200, address
    return orjson.loads(answer.data).get("error")


def test_addresses_of_the_banner_answer(cloud: LocalCloud) -> None:
    paths = layer_paths(Template.read(ROOT / "template.yaml"))
    services = read_published_services(paths, {"PUBLISH_CONFORMANCE": "true"})
    addresses = re.findall(r"http://\S+", "\n".join(build_banner(cloud.url, services, {}, 1.0)))
    assert len(set(addresses)) == 3
    assert {address: read_error(address.replace("f=pjson", "")) for address in addresses} == dict.fromkeys(
        addresses
    )


def test_address_of_make_help_answers(cloud: LocalCloud) -> None:
    (address,) = set(re.findall(r"http://127\.0\.0\.1:8000\S*", (ROOT / "Makefile").read_text("utf-8")))
    assert read_error(address.replace("http://127.0.0.1:8000", cloud.url)) is None
