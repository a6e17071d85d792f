"""All that the functions do, once: for callers, by queues, after losses, and while the store refuses.

The template is the real one; the toolboxes are the story's: one that answers at once, one for each worker.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from urllib3 import HTTPHeaderDict

from dev.gp_client import SERVICES
from gpserverless.access.administration import Administration
from gpserverless.access.oauth.authorize import OUT_OF_BAND
from gpserverless.access.user import User
from gpserverless.clock import SystemClock
from gpserverless.items.portal_item import read_portal_item
from gpserverless.items.ports import RowWrite
from gpserverless.jobs.deletion import delete
from gpserverless.jobs.job import ANYBODY, NewJob
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import PART_BYTES, JobRules
from gpserverless.jobs.submit import create
from gpserverless.storage.access_table import DynamoAccessRows
from gpserverless.storage.item_table import DynamoItemTable
from gpserverless.storage.job_queue import write_job_message
from gpserverless.storage.job_table import DynamoJobTable
from gpserverless.storage.object_store import S3ObjectStore
from gpserverless.testing import InMemoryJobQueue
from gpserverless.toolkit.call import Call
from gpserverless.toolkit.spec import WorkerName
from local.cloud import LocalCloud
from local.options import ROOT, ServeOptions
from local.resolver import STACK
from local.resources import make_client
from local.soap_calls import HEADERS, NO_VALUE, write_call, write_envelope
from tests.fake_feature_server import FakeFeatureServer
from tests.fake_portal import PASSWORD as PORTAL_PASSWORD
from tests.fake_portal import USER, FakePortal
from tests.jobs.rig import submit
from tests.local.stack import eventually
from tests.template.iam_recorder import IamRecorder
from tests.webhook_receiver import WebhookReceiver
from tests.wire.conftest import Site

QUEUES: dict[WorkerName, str] = {"core": "JobsQueue", "vector": "VectorQueue", "raster": "RasterQueue"}
PORTAL = "/arcgis/sharing/rest"
PASSWORD = "correct horse battery staple"
EMBEDDED = (
    '<GPValue xsi:type="tns:GPDataFile"><Data xsi:type="tns:GDSData"><Compressed>false</Compressed>'
    "<TransportType>esriGDSTransportTypeEmbedded</TransportType><EmbeddedData>{content}</EmbeddedData></Data>"
    "<DatasetName>a.txt</DatasetName></GPValue>"
)
"""A file within a call over SOAP."""

LARGE_TEXT = 4_000_000
"""Bytes of an attribute that no function hands over."""

BROKEN = "broken.txt"
"""A file whose parts the store refuses."""

TOOLBOX = '''"""Copies."""

from gpserverless import Service

service = Service({arguments})
'''
TOOL = '''import tempfile
from pathlib import Path

from gpserverless import DataFile, tool


@tool
def copy(file: DataFile | None = None, size: int = 1, name: str = "copy.txt") -> DataFile:
    """Copy a file, or make one.

    Args:
        file: The file.
        size: Bytes of the file that is made.
        name: Its name.
    """
    made = Path(tempfile.mkdtemp(), name)
    made.write_bytes(Path(file).read_bytes() if file else bytes(size))
    return DataFile(made)
'''

KEEP = '''import random

from shapely import Point

from gpserverless import FeatureSet, SpatialReference, tool


@tool
def keep(size: int = 1, others: FeatureSet | None = None) -> FeatureSet[Point]:
    """Make a feature with a long text.

    Args:
        size: Bytes of the text.
        others: Features that nobody looks at.
    """
    return FeatureSet.of([Point(0, 0)], SpatialReference(4326), {"text": [random.randbytes(size).hex()]})
'''

SHADE = '''import numpy as np

from gpserverless import Raster, SpatialReference, tool


@tool
def shade() -> Raster:
    """Make a raster of four cells."""
    from rasterio.transform import from_origin

    return Raster.of(np.ones((2, 2), np.uint8), from_origin(0, 2, 1, 1), SpatialReference(4326))
'''


def write_project(folder: Path, webhook: str) -> Path:
    """Write a project with the real template and the story's toolboxes into a folder; return its template."""
    for name in ("template.yaml", "functions", "layers"):
        (folder / name).symlink_to(ROOT / name)
    toolboxes = folder / "tools/toolboxes"
    services = {
        "quick": 'execution="sync", uploads=True',
        "core": f'execution="async", webhook="{webhook}", uploads=True, hosted=True',
    }
    services |= {
        name: f'execution="async", worker="{name}", uploads=True, hosted=True'
        for name in QUEUES
        if name != "core"
    }
    for name, arguments in services.items():
        (toolboxes / name).mkdir(parents=True)
        (toolboxes / name / "__init__.py").write_text(TOOLBOX.format(arguments=arguments))
        (toolboxes / name / "copy.py").write_text(TOOL)
        (toolboxes / name / "keep.py").write_text(KEEP)
    (toolboxes / "raster/shade.py").write_text(SHADE)
    (toolboxes / "__init__.py").write_text('"""Toolboxes."""\n')
    return folder / "template.yaml"


@contextmanager
def serve_project(
    template: Path, endpoint: str, receiver: WebhookReceiver, far: FakeFeatureServer, portal: FakePortal
) -> Iterator[LocalCloud]:
    """Serve a project on an AWS; its reaper runs every second."""
    secret = "whsec_" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    quotas = dict.fromkeys(("QuotaJobsPerDay", "QuotaSecondsPerDay", "QuotaMegabytesPerDay"), "10000")
    parameters = {"WebhookSecret": secret, "WebhookPrivateHosts": receiver.place, **quotas}
    parameters |= {"FetchPrivateHosts": far.place}
    parameters |= {"PortalUrl": portal.url, "PortalUser": USER, "PortalPassword": PORTAL_PASSWORD}
    options = ServeOptions(template=template, parameters=parameters, minute=1, warm=False)
    with LocalCloud(options) as cloud:
        assert cloud.endpoint == endpoint
        yield cloud


def find_result(answer: str) -> str:
    """Return the text of the result in an answer over SOAP."""
    return answer.partition("<Result>")[2].partition("</Result>")[0]


class Story:
    """The story while it is told.

    Args:
        site: The site.
        endpoint: URL of its AWS.
        recorder: The AWS itself.
        receiver: The webhook of the service of the worker `core`.
        far: Another server.
    """

    def __init__(
        self,
        site: Site,
        endpoint: str,
        recorder: IamRecorder,
        receiver: WebhookReceiver,
        far: FakeFeatureServer,
    ) -> None:
        self._site, self._recorder, self._receiver, self._far = site, recorder, receiver, far
        self._sqs: Any = make_client("sqs", endpoint)
        self._dynamodb: Any = make_client("dynamodb", endpoint)
        table = DynamoJobTable(self._dynamodb, f"{STACK}-JobsTable")
        self._ledger = Ledger(table, JobRules(), SystemClock())
        self._items = DynamoItemTable(self._dynamodb, f"{STACK}-ItemsTable")
        self._objects = S3ObjectStore(make_client("s3", endpoint), f"{STACK}-bucket")

    def tell(self) -> None:
        """Tell all of it."""
        self._sign_in()
        self._site.get(SERVICES)
        self._site.get(f"{SERVICES}/Quick/GPServer")
        executed = self._execute(size="10")
        uploaded = self._upload("Quick")
        for worker in QUEUES:
            self._overtake_a_submit(worker)
        self._tell_of_executes(executed, uploaded)
        self._tell_of_hosted_services()
        self._tell_over_soap()
        self._tell_of_result_services()
        self._receiver.answers[:] = [500]
        for worker in QUEUES:
            self._tell_of_jobs(worker, executed)
        self._tell_of_another_server()
        self._tell_of_an_outage()
        self._lose_messages()
        self._give_a_message_up()
        self._list_own_jobs()
        self._delete_a_job()
        eventually(lambda: len(self._receiver.received) > 1)

    def _sign_in(self) -> None:
        """A user signs in, by a password and by the code of an application; all else is the user's work."""
        rows = DynamoAccessRows(self._dynamodb, f"{STACK}-AccessTable")
        Administration(rows, SystemClock()).add(User("ana"), PASSWORD)
        login = {"username": "ana", "password": PASSWORD}
        token = self._site.post("/arcgis/tokens/generateToken", login)["token"]
        self._site.pool.headers = HTTPHeaderDict({"X-Esri-Authorization": f"Bearer {token}"})
        assert self._site.get(f"{PORTAL}/community/self")["username"] == "ana"
        asked = {"client_id": "pythonapi", "response_type": "code", "redirect_uri": OUT_OF_BAND}
        page = self._site.send("GET", f"{PORTAL}/oauth2/authorize", asked).data.decode()
        state = page.partition('name="oauth_state" value="')[2].partition('"')[0]
        form = {"oauth_state": state, **login}
        shown = self._site.send("POST", f"{PORTAL}/oauth2/signin", form).data.decode()
        code = shown.partition("<title>SUCCESS code=")[2].partition("<")[0]
        grant = {"grant_type": "authorization_code", "code": code, "client_id": "pythonapi"}
        granted = self._site.post(f"{PORTAL}/oauth2/token", {**grant, "redirect_uri": OUT_OF_BAND})
        self._site.post(f"{PORTAL}/oauth2/revokeToken", {"auth_token": granted["access_token"]})

    def _tell_of_executes(self, executed: str, uploaded: str) -> None:
        job = self._run_job("core")
        for reference in ({"url": executed}, {"itemID": uploaded}, {"url": self._result(job)["url"]}):
            self._download(self._execute(file=json.dumps(reference)))
        self._download(self._execute(size=str(PART_BYTES + 1)))

    def _tell_of_jobs(self, worker: WorkerName, executed: str) -> None:
        earlier = self._run_job("core")
        item = self._upload(worker.title())
        for reference in ({"url": executed}, {"itemID": item}, {"url": self._result(earlier)["url"]}):
            self._download(self._result(self._run_job(worker, file=json.dumps(reference)))["url"])
        self._run_job(worker, size=str(PART_BYTES + 1))
        cancelled = self._site.submit(worker.title(), "Copy")
        self._site.get(f"{cancelled}/cancel")

    def _tell_of_hosted_services(self) -> None:
        """Features are kept, and replaced; what an attempt left behind is erased."""
        for worker in QUEUES:
            for _ in range(2):
                wish = {"serviceProperties": {"name": worker}, "itemProperties": {"overwrite": True}}
                self._run_job(worker, "Keep", esri_out_feature_service_name=json.dumps(wish))
            kept = self._items.read(f"service#{worker}")
            assert kept is not None
            item = {"itemId": kept["id"], "overwrite": True}
            wish = {"itemProperties": item}
            kept_job = self._run_job(worker, "Keep", esri_out_feature_service_name=json.dumps(wish))
        eventually(lambda: "itemId" in self._result(kept_job))
        eventually(lambda: self._find_item("core") != "")
        layer = json.dumps({"url": f"{self._site.url}{SERVICES}/Hosted/core/FeatureServer/0"})
        for worker in QUEUES:
            self._run_job(worker, "Keep", others=layer)
        assert len(self._site.execute("Quick", "Keep", others=layer)["output"]["features"]) == 1
        left = "hosted/0/1/"
        self._objects.put(f"{left}0.sqlite", b"", "")
        row = {"pk": f"folder#{left}", "folder": left, "state": "open", "due_shard": 0, "due_at": 1}
        assert self._items.write([RowWrite(row["pk"], row, None)])
        eventually(lambda: self._items.read(row["pk"]) is None)
        self._refuse_parts_below("/hosted/")
        large = {"size": str(PART_BYTES), "esri_out_feature_service_name": "large"}
        jobs = [self._site.submit(worker.title(), "Keep", **large) for worker in QUEUES]
        for job in jobs:
            assert self._site.wait(job, seconds=120)["jobStatus"] == "esriJobFailed"

    def _tell_of_result_services(self) -> None:
        """A job is read and drawn as a map; hosted services are listed and read, and one is removed."""
        job = self._run_job("core", "Keep", size=str(LARGE_TEXT)).rpartition("/")[2]
        shown = f"{SERVICES}/Core/MapServer/jobs/{job}"
        (layer,) = self._site.get(shown)["layers"]
        query = f"{shown}/{layer['id']}/query"
        assert self._site.get(query, where="1=1", returnCountOnly="true") == {"count": 1}
        assert self._download(self._site.get(f"{shown}/export", bbox="-1,-1,1,1")["href"])
        result = f"{SERVICES}/Core/GPServer/Keep/jobs/{job}/results/output"
        assert self._download(self._site.get(result, size="9,9")["value"]["mapImage"]["href"])
        (row,) = self._site.get(query, where="1=1", outFields="text")["features"]
        assert len(row["attributes"]["text"]) == 2 * LARGE_TEXT
        hosted = f"{SERVICES}/Hosted"
        self._fetch_whole_layers(f"{shown}/{layer['id']}", f"{hosted}/vector/FeatureServer/0")
        job = self._run_job("raster", "Shade").rpartition("/")[2]
        image = f"{SERVICES}/Raster/ImageServer/jobs/{job}/output"
        assert self._download(self._site.get(f"{image}/exportImage")["href"])
        result = f"{SERVICES}/Raster/GPServer/Shade/jobs/{job}/results/output"
        assert self._download(self._site.get(result, size="9,9")["value"]["mapImage"]["href"])
        names = {service["name"] for service in self._site.get(hosted)["services"]}
        assert names >= {f"Hosted/{worker}" for worker in QUEUES}
        query = f"{hosted}/core/FeatureServer/0/query"
        assert self._site.get(query, where="1=1", returnCountOnly="true") == {"count": 1}
        self._site.post("/arcgis/admin/services/Hosted/core.FeatureServer/delete", {})
        assert self._items.read("service#core") is None
        eventually(lambda: self._find_item("core") == "")

    def _find_item(self, name: str) -> str:
        """Return the id of the portal's item of a hosted service, "" for none."""
        item = read_portal_item(self._items, name)
        return "" if item is None else item.item_id

    def _fetch_whole_layers(self, *layers: str) -> None:
        """Each is written, and found again; the file of a large one goes in parts, which are refused."""
        for layer in layers * 2:
            assert self._download(f"{self._site.url}{layer}/download?f=gpkg")[:6] == b"SQLite"
        self._refuse_parts_below("/answers/")
        job = self._run_job("core", "Keep", size=str(PART_BYTES)).rpartition("/")[2]
        shown = f"{SERVICES}/Core/MapServer/jobs/{job}"
        (layer,) = self._site.get(shown)["layers"]
        assert self._site.get(f"{shown}/{layer['id']}/download", f="gpkg")["error"]["code"] == 500

    def _tell_over_soap(self) -> None:
        """A client of SOAP executes a tool with a file in the request, and runs jobs with one."""
        file = EMBEDDED.format(content=base64.b64encode(b"x").decode())
        assert "<GPValue" in self._call("Quick", write_call("Execute", "Copy", file, NO_VALUE, NO_VALUE))
        for worker in QUEUES:
            asked = write_call("SubmitJob", "Copy", file, NO_VALUE, NO_VALUE)
            job = f"<JobID>{find_result(self._call(worker, asked))}</JobID>"
            status = f"<tns:GetJobStatus>{job}</tns:GetJobStatus>"
            eventually(lambda: "Succeeded" in self._call(worker, status), 60)  # noqa: B023  # asked at once
            embedded = "<Options><TransportType>esriGDSTransportTypeEmbedded</TransportType></Options>"
            assert "EmbeddedData" in self._call(
                worker, f"<tns:GetJobResult>{job}{embedded}</tns:GetJobResult>"
            )
            self._call(worker, f"<tns:GetJobInputValues>{job}</tns:GetJobInputValues>")
        kept = self._items.read("service#core")
        assert kept is not None
        item = {"itemId": kept["id"], "overwrite": True}
        for wish in ("by_soap", json.dumps({"itemProperties": item})):
            named = f'<GPValue xsi:type="tns:GPString"><Value>{escape(wish)}</Value></GPValue>'
            self._call("core", write_call("SubmitJob", "Keep", NO_VALUE, NO_VALUE, named))
        cancelled = find_result(self._call("core", write_call("SubmitJob", "Copy")))
        self._call("core", f"<tns:CancelJob><JobID>{cancelled}</JobID></tns:CancelJob>")

    def _call(self, service: str, operation: str) -> str:
        """Call an operation over SOAP, and return the answer."""
        url = f"{self._site.url}/arcgis/services/{service.title()}/GPServer"
        headers = {**self._site.pool.headers, **dict(HEADERS)}
        answer = self._site.pool.request("POST", url, body=write_envelope(operation), headers=headers)
        text = answer.data.decode()
        assert answer.status == 200, text
        assert "faultstring" not in text, text
        return text

    def _tell_of_an_outage(self) -> None:
        """The store refuses a part of a large file, and what is there of it is removed."""
        self._refuse_parts_below("/uploads/")
        uploads = f"{self._site.url}{SERVICES}/Quick/GPServer/uploads"
        item = self._post(f"{uploads}/register", ("itemName", "a.txt"))["item"]["itemID"]
        self._post(f"{uploads}/{item}/uploadPart", ("partId", "1"), ("file", ("blob", b"x")))
        fields = [("f", "json")]
        answer = self._site.pool.request("POST", f"{uploads}/{item}/commit", fields=fields)
        assert json.loads(answer.data)["error"]["code"] == 500
        self._refuse_parts_below(BROKEN)
        large = {"size": str(PART_BYTES + 1), "name": BROKEN}
        jobs = [self._site.submit(worker.title(), "Copy", **large) for worker in QUEUES]
        refused = self._site.post(f"{self._site.task('Quick', 'Copy')}/execute", large)
        assert refused["error"]["code"] == 500
        for job in jobs:
            assert self._site.wait(job, seconds=120)["jobStatus"] == "esriJobFailed"

    def _tell_of_another_server(self) -> None:
        """Inputs come by the store, and one does not come, so that its job is cancelled."""
        large = json.dumps({"url": f"{self._far.url}/bytes/{PART_BYTES + 1}.txt"})
        self._download(self._execute(file=large))
        done = [self._site.submit(worker.title(), "Copy", file=large) for worker in QUEUES]
        looks = self._count_looks() + len(QUEUES)
        slow = f"{self._far.url}/slow?body=1"
        cancelled = [self._site.submit(worker.title(), "Copy", file=slow) for worker in QUEUES]
        for job in done:
            assert self._site.wait(job, seconds=120)["jobStatus"] == "esriJobSucceeded"
        eventually(lambda: self._count_looks() >= looks)
        for job in cancelled:
            self._site.get(f"{job}/cancel")
        for job in cancelled:
            assert self._site.wait(job)["jobStatus"] == "esriJobCancelled"
        self._refuse_parts_below("/fetch/")
        refused = self._site.post(f"{self._site.task('Quick', 'Copy')}/execute", {"file": large})
        assert refused["error"]["code"] == 500

    def _count_looks(self) -> int:
        """Count the objects for which the fetch function has looked: one for each input that takes long."""
        return sum(each.action == "s3:GetObject" for each in self._recorder.used["FetchFunction"])

    def _refuse_parts_below(self, part: str) -> None:
        self._recorder.refuses = lambda environ: (
            part in environ.get("PATH_INFO", "") and "partNumber" in environ.get("QUERY_STRING", "")
        )

    def _overtake_a_submit(self, worker: WorkerName) -> None:
        """A worker hears of a job that is not submitted yet, and hands the message back."""
        job_id = self._create(worker)
        self._sqs.send_message(QueueUrl=self._queue(QUEUES[worker]), MessageBody=write_job_message(job_id))

    def _lose_messages(self) -> None:
        """The queues forget messages; the reaper sends them again."""
        lost = [self._submit_without_message(worker) for worker in QUEUES]
        for job_id in lost:
            key = {"TableName": f"{STACK}-JobsTable", "Key": {"pk": {"S": job_id}}}
            overdue = {":long_ago": {"N": "1"}}
            self._dynamodb.update_item(
                **key, UpdateExpression="SET due_at = :long_ago", ExpressionAttributeValues=overdue
            )
        for job_id in lost:
            eventually(lambda job_id=job_id: self._status(job_id) == "esriJobSucceeded", 30)  # type: ignore[misc]

    def _give_a_message_up(self) -> None:
        job_id = self._submit_without_message("core")
        body = write_job_message(job_id)
        self._sqs.send_message(QueueUrl=self._queue("DeadLettersQueue"), MessageBody=body)
        eventually(lambda: self._status(job_id) == "esriJobFailed")

    def _list_own_jobs(self) -> None:
        """The user looks at the own jobs, all of which this story has submitted."""
        listed = self._site.get("/arcgis/rest/jobs")["jobs"]
        assert {job["jobStatus"] for job in listed} > {"esriJobSucceeded"}

    def _delete_a_job(self) -> None:
        job_id = self._run_job("core").rpartition("/")[2]
        delete(self._ledger, job_id)
        eventually(lambda: self._ledger.read(job_id) is None)

    def _execute(self, **values: str) -> str:
        url: str = self._site.execute("Quick", "Copy", **values)["output"]["url"]
        return url

    def _run_job(self, worker: WorkerName, task: str = "Copy", **values: str) -> str:
        job = self._site.submit(worker.title(), task, **values)
        assert self._site.wait(job, seconds=120)["jobStatus"] == "esriJobSucceeded"
        return job

    def _result(self, job: str) -> dict[str, Any]:
        value: dict[str, Any] = self._site.get(f"{job}/results/output")["value"]
        return value

    def _download(self, url: str) -> bytes:
        answer = self._site.pool.request("GET", url)
        assert answer.status == 200
        return answer.data

    def _upload(self, service: str) -> str:
        """Upload a file in two parts, and return the id of the item; others are sent at once, and deleted."""
        uploads = f"{self._site.url}{SERVICES}/{service}/GPServer/uploads"
        items = [self._post(f"{uploads}/register", ("itemName", "a.txt"))["item"]["itemID"] for _ in "ab"]
        for number in ("1", "2"):
            self._post(f"{uploads}/{items[0]}/uploadPart", ("partId", number), ("file", ("blob", b"x")))
        self._post(f"{uploads}/{items[0]}/commit")
        self._download(f"{uploads}/{items[0]}/download")
        direct = self._post(f"{uploads}/register", ("itemName", "a.txt"), ("presigned", "true"))
        form = {**direct["upload"]["fields"], "file": ("a.txt", b"x")}
        assert self._site.pool.request("POST", direct["upload"]["url"], fields=form).status == 204
        self._post(f"{uploads}/{direct['item']['itemID']}/commit")
        self._post(f"{uploads}/{items[1]}/delete")
        return str(items[0])

    def _post(self, url: str, *fields: Any) -> Any:
        answer = self._site.pool.request("POST", url, fields=[("f", "json"), *fields])
        document = json.loads(answer.data)
        assert "error" not in document, document
        return document

    def _create(self, worker: WorkerName) -> str:
        job_id = "j" + secrets.token_hex(16)
        create(NewJob(job_id, Call(worker.title(), "Copy", {}), worker, ANYBODY), self._ledger, self._objects)
        return job_id

    def _submit_without_message(self, worker: WorkerName) -> str:
        job_id, call = "j" + secrets.token_hex(16), Call(worker.title(), "Copy", {})
        submit(
            job_id, call, ledger=self._ledger, objects=self._objects, queue=InMemoryJobQueue(), worker=worker
        )
        return job_id

    def _status(self, job_id: str) -> str:
        job = self._ledger.read(job_id)
        return job.status.value if job else ""

    def _queue(self, name: str) -> str:
        url: str = self._sqs.get_queue_url(QueueName=f"{STACK}-{name}")["QueueUrl"]
        return url
