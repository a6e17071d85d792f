"""Files, large answers and answers that are no longer there, over SOAP."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from lxml import etree

from local.cloud import LocalCloud
from local.resources import make_client
from tests.wire.conftest import Site
from tests.wire.soap_site import ENVELOPE, Fault, SoapSite, Tree, read_body
from tests.wire.soap_values import results_of

SYNC, ASYNC = "Conformance/Sync", "Conformance/Async"
EMBED = "<Options><TransportType>esriGDSTransportTypeEmbedded</TransportType></Options>"


@pytest.fixture(scope="module")
def soap(cloud: LocalCloud) -> SoapSite:
    return SoapSite(cloud.url)


def write_data(kind: str, content: str, more: str = "") -> str:
    member = {"Embedded": "EmbeddedData", "Url": "URL", "Upload": "UploadID"}[kind]
    return (
        '<GPValue xsi:type="tns:GPDataFile"><Data xsi:type="tns:GDSData"><Compressed>false</Compressed>'
        f"<TransportType>esriGDSTransportType{kind}</TransportType><{member}>{content}</{member}></Data>"
        f"{more}</GPValue>"
    )


def echo(site: Site, soap: SoapSite, value: str, options: str = "") -> Tree:
    """Send a file to Echo; return the file that comes back."""
    parameters = site.get(site.task(SYNC, "Echo"))["parameters"]
    inputs = [each["name"] for each in parameters if "Input" in each["direction"]]
    outputs = [each["name"] for each in parameters if "Output" in each["direction"]]
    values = "".join(value if name == "In_GPDataFile" else "<GPValue/>" for name in inputs)
    response = soap.call(SYNC, "Execute", f"<ToolName>Echo</ToolName><Values>{values}</Values>{options}")
    return results_of(response)[outputs.index("Out_GPDataFile")]


def fetch(soap: SoapSite, file: Tree) -> bytes:
    """Return the bytes behind the URL of a file."""
    assert file.findtext("Data/TransportType") == "esriGDSTransportTypeUrl"
    assert file.findtext("Data/Compressed") == "false"
    url = file.findtext("Data/URL") or ""
    assert url.startswith(soap.url)
    return soap.pool.request("GET", url, redirect=True, retries=3).data


def test_file_in_a_value_comes_back_as_a_url(site: Site, soap: SoapSite) -> None:
    content = base64.b64encode("Grüße".encode()).decode()
    file = echo(site, soap, write_data("Embedded", content, "<DatasetName>a.txt</DatasetName>"))
    assert fetch(soap, file).decode() == "Grüße"


def test_file_comes_back_in_the_answer_if_that_is_wanted(site: Site, soap: SoapSite) -> None:
    sent = write_data("Embedded", base64.b64encode(b"hello").decode(), "<File>a.txt</File>")
    file = echo(site, soap, sent, EMBED)
    assert file.findtext("Data/TransportType") == "esriGDSTransportTypeEmbedded"
    assert base64.b64decode(file.findtext("Data/EmbeddedData") or "") == b"hello"
    assert file.find("Data/URL") is None


def test_upload_and_url_of_a_result_are_files(site: Site, soap: SoapSite) -> None:
    item = site.client.upload(f"{SYNC}/GPServer", "words.txt", b"uploaded")
    file = echo(site, soap, write_data("Upload", item))
    assert fetch(soap, file) == b"uploaded"
    again = echo(site, soap, write_data("Url", file.findtext("Data/URL") or ""))
    assert fetch(soap, again) == b"uploaded"


def test_result_file_of_a_job_is_the_one_of_rest(site: Site, soap: SoapSite, echoed: str) -> None:
    job = f"<JobID>{echoed[-33:]}</JobID><ParameterNames><String>Out_GPDataFile</String></ParameterNames>"
    (file,) = results_of(soap.call(ASYNC, "GetJobResult", job))
    assert file.findtext("Data/URL") == site.get(f"{echoed}/results/Out_GPDataFile")["value"]["url"]
    assert fetch(soap, file) == b"hello"
    (file,) = results_of(soap.call(ASYNC, "GetJobResult", job + EMBED))
    assert base64.b64decode(file.findtext("Data/EmbeddedData") or "") == b"hello"


BAD_FILES = [
    (write_data("Url", "file:///etc/passwd"), "is not the URL of a web resource"),
    (write_data("Url", "http://169.254.169.254/a.txt"), "is not among those that inputs are fetched from"),
    (write_data("Upload", "i" + "0" * 32), "is not the id of an uploaded item"),
    (write_data("Embedded", "%%%", "<File>a.txt</File>"), "its EmbeddedData is not base64"),
    (write_data("Embedded", "aGVsbG8="), "the file has no extension"),
    (write_data("Embedded", "aGVsbG8=", "<File>a.exe</File>"), "files of type 'exe' are not taken"),
    (write_data("Embedded", "aGVsbG8=").replace("false", "true"), "its Data is compressed"),
    ('<GPValue xsi:type="tns:GPDataFile"><File>/etc/passwd</File></GPValue>', "is named, but not sent"),
]


@pytest.mark.parametrize(("value", "text"), BAD_FILES)
def test_file_that_is_not_taken_is_a_fault_that_names_it(
    site: Site, soap: SoapSite, value: str, text: str
) -> None:
    with pytest.raises(Fault, match=f"^Parameter 'In_GPDataFile'.*{text}"):
        echo(site, soap, value)


@pytest.fixture(scope="module")
def large_job(site: Site) -> str:
    """Return a job whose result is larger than an answer that is not compressed: each `&` becomes `&amp;`."""
    texts = json.dumps([f"{n}" + "&" * 480_000 for n in range(3)])
    job = site.submit(ASYNC, "Echo", In_GPMultiValue_GPString=texts)
    assert site.wait(job)["jobStatus"] == "esriJobSucceeded"
    return f"<JobID>{job[-33:]}</JobID>"


def test_answer_is_compressed_where_that_is_accepted(cloud: LocalCloud, soap: SoapSite) -> None:
    body = ENVELOPE.format("<tns:GetToolInfos/>").encode()
    plain = soap.post("Analysis", body)
    assert "content-encoding" not in plain.headers
    url = f"{cloud.url}/arcgis/services/Analysis/GPServer"
    packed = soap.pool.request(
        "POST", url, body=body, headers={"accept-encoding": "gzip"}, decode_content=False
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 5
    assert gzip.decompress(packed.data) == plain.data


def test_too_large_answer_is_a_fault_that_says_how_to_get_it(
    cloud: LocalCloud, soap: SoapSite, large_job: str
) -> None:
    with pytest.raises(Fault, match="accept gzip") as fault:
        soap.call(ASYNC, "GetJobResult", large_job)
    assert fault.value.status == 200
    names = "<ParameterNames><String>Out_GPMultiValue_GPString</String></ParameterNames>"
    accepting = SoapSite(cloud.url, {"accept-encoding": "gzip"})
    (texts,) = results_of(accepting.call(ASYNC, "GetJobResult", large_job + names))
    assert [text.findtext("Value")[:2] for text in texts.find("Values")] == [f"{n}&" for n in range(3)]


def test_job_that_was_cleaned_up_is_no_longer_there(cloud: LocalCloud, site: Site, soap: SoapSite) -> None:
    path = site.submit(ASYNC, "Sleep", Seconds="0")
    site.wait(path)
    table = make_client("dynamodb", cloud.endpoint)
    table.delete_item(TableName="gpserverless-local-JobsTable", Key={"pk": {"S": path[-33:]}})
    for operation in ("GetJobStatus", "GetJobMessages", "GetJobResult", "GetJobInputValues", "CancelJob"):
        with pytest.raises(Fault, match="its data is no longer available") as fault:
            soap.call(ASYNC, operation, f"<JobID>{path[-33:]}</JobID>")
        assert (fault.value.status, fault.value.code) == (200, "s:Client")


def test_description_is_the_same_at_every_spelling_of_its_address(soap: SoapSite) -> None:
    for base in ("/arcgis/services", "/arcgis/services/Samples/GPServer"):
        found = {}
        for spelling in ("", "?wsdl", "?WSDL", "?singleWsdl", "/"):
            response = soap.pool.request("GET", soap.url + base + spelling)
            assert response.headers["content-type"] == "text/xml; charset=utf-8"
            found[spelling] = response.data
        assert len(set(found.values())) == 1
        tree = etree.fromstring(found[""])
        address = tree.find(".//{http://schemas.xmlsoap.org/wsdl/soap/}address")
        assert address.get("location") == soap.url + base


def test_fault_is_read_from_an_answer_of_get(soap: SoapSite) -> None:
    with pytest.raises(Fault, match="There is no GPServer"):
        read_body(soap.pool.request("GET", f"{soap.url}/arcgis/services/Nothing/GPServer?wsdl"))
