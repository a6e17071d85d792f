"""Clients of other projects that read our descriptions and answers: zeep, suds and libxml2."""

from __future__ import annotations

import copy
import io
from functools import cache
from types import SimpleNamespace
from typing import Any

import suds.client
import suds.store
import zeep
from lxml import etree

from gpserverless.protocols.soap.schema.node import Node
from gpserverless.protocols.soap.schema.operations import SERVICE_OPERATIONS
from gpserverless.protocols.soap.schema.write import write_response
from gpserverless.protocols.soap.wsdl import NAMESPACE, write_service_wsdl

ADDRESS = "https://maps.example.org/arcgis/services/Samples/GPServer"
ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
    f' xmlns:tns="{NAMESPACE}"><s:Body>%s</s:Body></s:Envelope>'
)
XS = "{http://www.w3.org/2001/XMLSchema}"


class Replies(zeep.Transport):
    """A transport that hands out a description, and one answer to every call."""

    def __init__(self, wsdl: str, answer: str = "") -> None:
        super().__init__()
        self.wsdl, self.answer = wsdl, answer

    def load(self, url: str) -> bytes:
        return self.wsdl.encode()

    def post(self, address: str, message: bytes, headers: Any) -> Any:
        kind = {"Content-Type": "text/xml; charset=utf-8"}
        return SimpleNamespace(status_code=200, headers=kind, content=self.answer.encode(), encoding="utf-8")


def load_by_zeep(wsdl: str, answer: str = "") -> zeep.Client:
    """Return a strict client of a description, whose calls are all answered alike."""
    client = copy.copy(_read_by_zeep(wsdl))
    client.transport = Replies(wsdl, answer)
    return client


@cache
def _read_by_zeep(wsdl: str) -> zeep.Client:
    """Return a client that has made no call; reading a description takes longer than a call."""
    return zeep.Client("memory:", transport=Replies(wsdl), settings=zeep.Settings(strict=True))


@cache
def load_by_suds(wsdl: str) -> suds.client.Client:
    """Return a client of a description, which keeps nothing of a call."""
    store = suds.store.DocumentStore(wsdl=wsdl.encode())
    return suds.client.Client("suds://wsdl", documentStore=store, cache=None)


@cache
def load_schema() -> etree.XMLSchema:
    """Return the schema in the description of a service."""
    document = etree.parse(io.BytesIO(write_service_wsdl("Samples", ADDRESS).encode()))
    return etree.XMLSchema(document.find(f".//{XS}schema"))


def write_answer(operation: str, **members: Any) -> str:
    """Write the answer to an operation."""
    return ENVELOPE % b"".join(write_response(SERVICE_OPERATIONS[operation], members)).decode()


def answer_value(value: Node) -> str:
    """Write the answer to Execute with one value; it is valid by our own schema."""
    answer = write_answer("Execute", Result=Node("GPResult", {"Values": [value]}))
    body = etree.fromstring(answer.encode())[0]
    load_schema().assertValid(body[0])
    return answer


def read_by_zeep(value: Node) -> Any:
    """Return a value as zeep reads it from the answer to Execute."""
    client = load_by_zeep(write_service_wsdl("Samples", ADDRESS), answer_value(value))
    result = client.service.Execute("Tool", {"GPValue": []})
    return result["Values"]["GPValue"][0]


def read_by_suds(value: Node) -> Any:
    """Return a value as suds reads it from the answer to Execute."""
    client = load_by_suds(write_service_wsdl("Samples", ADDRESS))
    answer = {"reply": answer_value(value).encode()}
    return client.service.Execute("Tool", None, __inject=answer).Values.GPValue[0]
