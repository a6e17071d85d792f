"""Items: made, filled, committed once, used by their own service, and gone after a while."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from gpserverless.caller import ANYBODY, Caller, Role
from gpserverless.errors import (
    Cancelled,
    InvalidParameter,
    InvalidValue,
    NotFound,
    RequestError,
    StorageError,
    TooLarge,
)
from gpserverless.storage import clients
from gpserverless.storage.upload_store import S3UploadStore
from gpserverless.testing import VirtualClock
from gpserverless.uploads.item import Item
from gpserverless.uploads.ports import StoredObject
from gpserverless.uploads.uploads import Uploads
from tests.jobs.conftest import BUCKET
from tests.patience import LONG
from tests.uploads.conftest import RULES

SERVICE = "Folder/Service"
DAY = 24 * 3_600_000
MEGABYTE = 2**20


def content(uploads: Uploads, item: Item, folder: Path) -> bytes:
    fetched = uploads.fetch(SERVICE, item.id, folder, 10**9, lambda: None)
    assert fetched.path.name == item.name
    return fetched.path.read_bytes()


def test_file_in_one_piece_is_an_item(uploads: Uploads, clock: VirtualClock, tmp_path: Path) -> None:
    item = uploads.upload(SERVICE, "towns.csv", "of the canton", b"a,b\n")
    assert (item.name, item.description, item.date) == ("towns.csv", "of the canton", clock.time)
    assert uploads.find(SERVICE, item.id) == item
    assert content(uploads, item, tmp_path) == b"a,b\n"


def test_ids_cannot_be_guessed(uploads: Uploads) -> None:
    first, second = (uploads.register(SERVICE, "a.csv", None).id for _ in range(2))
    assert first != second
    assert first.startswith("i")
    assert len(first) == 37


@pytest.mark.parametrize(
    "item_id",
    ["", "i", "x", "../../etc/passwd", "i00000000-0000-0000-0000-000000000000", "i" + "0" * 36, '{"$gt":""}'],
)
def test_unknown_item_is_not_found(uploads: Uploads, item_id: str) -> None:
    with pytest.raises(NotFound):
        uploads.find(SERVICE, item_id)


ANN, BOB = Caller("ann", Role.USER), Caller("bob", Role.PUBLISHER)
ROOT = Caller("root", Role.ADMINISTRATOR)


@pytest.mark.parametrize("owner", ["ann", ""])
@pytest.mark.parametrize("caller", [ANYBODY, ANN, BOB, ROOT], ids=["anybody", "ann", "bob", "root"])
def test_item_is_found_by_its_owner_and_administrators_alone(
    uploads: Uploads, tmp_path: Path, owner: str, caller: Caller
) -> None:
    as_owner, as_caller = uploads.of(ANN if owner else ANYBODY), uploads.of(caller)
    committed = as_owner.upload(SERVICE, "a.csv", None, b"x").id
    registered = as_owner.register(SERVICE, "b.csv", None).id
    as_owner.add_part(SERVICE, registered, 1, b"x")
    uses = [
        lambda: as_caller.find(SERVICE, committed),
        lambda: as_caller.presign_download(SERVICE, committed),
        lambda: as_caller.fetch(SERVICE, committed, tmp_path, 10, lambda: None),
        lambda: as_caller.presign_upload(SERVICE, registered),
        lambda: as_caller.add_part(SERVICE, registered, 1, b"y"),
        lambda: as_caller.parts(SERVICE, registered),
        lambda: as_caller.commit(SERVICE, registered, []),
        lambda: as_caller.delete(SERVICE, committed),
    ]
    for use in uses:
        if not owner or caller in (ANN, ROOT):
            use()
        else:
            with pytest.raises(NotFound, match=r"^Item not found\.$"):
                use()
    left = {committed, registered} if owner and caller not in (ANN, ROOT) else {registered}
    for item_id in left:
        assert as_owner.find(SERVICE, item_id).owner == owner


def test_item_of_an_older_version_is_nobodys() -> None:
    document = orjson.loads(Item("i1", "a.csv", None, 0).to_bytes())
    del document["owner"]
    assert Item.from_bytes(orjson.dumps(document)).owner == ""


def test_item_belongs_to_its_service(uploads: Uploads, tmp_path: Path) -> None:
    item = uploads.upload(SERVICE, "a.csv", None, b"x")
    with pytest.raises(NotFound):
        uploads.find("Folder", item.id)
    with pytest.raises(NotFound):
        uploads.fetch("Folder_Service", item.id, tmp_path, 10, lambda: None)


NAMES = [
    ("dem.tif", "dem.tif"),
    ("DEM.TIF", "DEM.TIF"),
    ("C:\\data\\dem.tif", "dem.tif"),
    ("../../../../tmp/evil.txt", "evil.txt"),
    ("a b.csv", "a b.csv"),
    ("Zürich.csv", "Zürich.csv"),
    ("a\r\nX-Injected: 1.csv", "a__X-Injected_ 1.csv"),
    ("<script>.csv", "_script_.csv"),
    ("x" * 300 + ".csv", "x" * 100 + ".csv"),
]


@pytest.mark.parametrize(("given", "kept"), NAMES)
def test_name_is_the_last_segment(uploads: Uploads, given: str, kept: str) -> None:
    assert uploads.register(SERVICE, given, None).name == kept


def test_every_documented_format_can_be_uploaded(uploads: Uploads) -> None:
    for extension in ("zip", "gpkg", "geojson", "json", "csv", "txt", "tsv", "kml", "kmz", "fgb"):
        assert uploads.register(SERVICE, f"towns.{extension}", None).name == f"towns.{extension}"
    for extension in ("tif", "tiff", "img", "asc", "png", "jpg", "jpeg"):
        assert uploads.register(SERVICE, f"DEM.{extension.upper()}", None).name == f"DEM.{extension.upper()}"


@pytest.mark.parametrize(
    "name",
    ["", "a", "a.", ".csv", ".htaccess", "a.exe", "a.html", "a.svg", "a.py", "a.csv/../../b", "a.csv.exe"],
)
def test_other_extensions_are_refused(uploads: Uploads, name: str) -> None:
    with pytest.raises(InvalidParameter):
        uploads.register(SERVICE, name, None)
    with pytest.raises(InvalidParameter):
        uploads.upload(SERVICE, name, None, b"x")


PARTS: list[tuple[Callable[[], dict[int, bytes]], list[int], bytes | None]] = [
    (lambda: {1: b"a", 2: b"b", 3: b"c"}, [], b"abc"),
    (lambda: {3: b"c", 1: b"a", 2: b"b"}, [], b"abc"),
    (lambda: {1: b"a", 2: b"b", 3: b"c"}, [3, 1], b"ca"),
    (lambda: {7: b"x"}, [7], b"x"),
    (lambda: {1: b""}, [], b""),
    (lambda: {1: b"1" * 6 * MEGABYTE, 2: b"2" * 10, 3: b"3" * 6 * MEGABYTE, 4: b"4"}, [], None),
    (lambda: {n: bytes([n]) * MEGABYTE for n in range(1, 13)}, [], None),
]


@pytest.mark.parametrize(("make", "order", "whole"), PARTS)
@pytest.mark.parametrize("checked", [False, True])
def test_parts_of_any_size_are_put_together(
    uploads: Uploads,
    tmp_path: Path,
    make: Callable[[], dict[int, bytes]],
    order: list[int],
    whole: bytes | None,
    checked: bool,
) -> None:
    parts = make()
    item = uploads.register(SERVICE, "a.zip", None)
    for number, body in parts.items():
        uploads.add_part(SERVICE, item.id, number, body)
    assert uploads.parts(SERVICE, item.id) == sorted(parts)
    expected = b"".join(parts[n] for n in order or sorted(parts)) if whole is None else whole
    checksum = hashlib.sha256(expected).hexdigest() if checked else ""
    committed = uploads.commit(SERVICE, item.id, order, checksum)
    assert committed.content is not None
    assert committed.content.size == len(expected)
    assert content(uploads, item, tmp_path) == expected


def test_part_that_comes_again_replaces_the_one_before(uploads: Uploads, tmp_path: Path) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    for body in (b"first", b"second"):
        uploads.add_part(SERVICE, item.id, 1, body)
    uploads.commit(SERVICE, item.id, [])
    assert content(uploads, item, tmp_path) == b"second"


def test_item_is_committed_once(uploads: Uploads, tmp_path: Path) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    uploads.add_part(SERVICE, item.id, 1, b"a")
    first = uploads.commit(SERVICE, item.id, [])
    assert uploads.commit(SERVICE, item.id, []) == first
    with pytest.raises(RequestError, match="committed"):
        uploads.add_part(SERVICE, item.id, 2, b"b")
    with pytest.raises(RequestError, match="committed"):
        uploads.presign_upload(SERVICE, item.id)
    assert content(uploads, item, tmp_path) == b"a"


def test_of_two_commits_at_once_one_counts(
    uploads: Uploads, store: S3UploadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    uploads.add_part(SERVICE, item.id, 1, b"a")
    compose, others = store.compose, []

    def composed_meanwhile(*arguments: object) -> object:
        monkeypatch.setattr(store, "compose", compose)
        others.append(uploads.commit(SERVICE, item.id, []))
        return compose(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "compose", composed_meanwhile)
    assert uploads.commit(SERVICE, item.id, []) == others[0]
    assert uploads.find(SERVICE, item.id) == others[0]


def test_slower_of_two_commits_removes_what_it_has_made(
    uploads: Uploads, store: S3UploadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    uploads.add_part(SERVICE, item.id, 1, b"a")
    put, others = store.put, []

    def put_later(*arguments: object) -> None:
        monkeypatch.setattr(store, "put", put)
        others.append(uploads.commit(SERVICE, item.id, []))
        put(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "put", put_later)
    assert uploads.commit(SERVICE, item.id, []) == others[0]
    assert len(objects_of(store, item)) == 3


@pytest.mark.parametrize("checksum", ["0" * 32, "0" * 40, "0" * 64, "xyz", "0" * 33, "g" * 32])
def test_item_with_another_checksum_is_not_committed(uploads: Uploads, checksum: str) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    uploads.add_part(SERVICE, item.id, 1, b"a")
    with pytest.raises(InvalidParameter):
        uploads.commit(SERVICE, item.id, [], checksum)
    assert uploads.find(SERVICE, item.id).content is None


def test_item_without_its_parts_is_not_committed(uploads: Uploads, tmp_path: Path) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    with pytest.raises(RequestError, match="Nothing has been uploaded"):
        uploads.commit(SERVICE, item.id, [])
    uploads.add_part(SERVICE, item.id, 1, b"a")
    with pytest.raises(InvalidParameter, match="no part 2"):
        uploads.commit(SERVICE, item.id, [1, 2])
    with pytest.raises(NotFound):
        uploads.presign_download(SERVICE, item.id)
    with pytest.raises(NotFound):
        uploads.fetch(SERVICE, item.id, tmp_path, 10, lambda: None)


@pytest.mark.parametrize("number", [0, -1, 51])
def test_part_number_out_of_range_is_refused(uploads: Uploads, number: int) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    with pytest.raises(InvalidParameter, match="out of range"):
        uploads.add_part(SERVICE, item.id, number, b"a")


def test_item_that_is_too_large_is_refused(uploads: Uploads, tmp_path: Path) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    uploads.store.replace(f"uploads/{SERVICE}/{item.id}/direct", b"x" * (RULES.most_bytes + 1))
    with pytest.raises(TooLarge):
        uploads.commit(SERVICE, item.id, [])
    small = uploads.upload(SERVICE, "a.zip", None, b"12345")
    with pytest.raises(InvalidValue, match="5 bytes"):
        uploads.fetch(SERVICE, small.id, tmp_path, 4, lambda: None)


def test_part_is_counted_before_it_is_stored(uploads: Uploads) -> None:
    brisk = replace(uploads, rules=replace(RULES, composed_bytes=10))
    item = brisk.register(SERVICE, "a.zip", None)
    brisk.add_part(SERVICE, item.id, 1, b"12345")
    brisk.add_part(SERVICE, item.id, 2, b"12345")
    brisk.add_part(SERVICE, item.id, 2, b"54321")  # in place of the one before
    for number, body in ((3, b"1"), (1, b"123456")):
        with pytest.raises(TooLarge, match=r"have 11 bytes; at most 10 .* presigned=true"):
            brisk.add_part(SERVICE, item.id, number, body)
    assert brisk.parts(SERVICE, item.id) == [1, 2]
    assert brisk.commit(SERVICE, item.id, []).content
    repeated = replace(uploads, rules=replace(RULES, composed_bytes=5))
    item = repeated.register(SERVICE, "a.zip", None)
    repeated.add_part(SERVICE, item.id, 1, b"123")
    with pytest.raises(TooLarge, match="have 6 bytes"):
        repeated.commit(SERVICE, item.id, [1, 1])


def objects_of(store: S3UploadStore, item: Item) -> dict[str, bool]:
    """Return the objects of an item by the last parts of their keys, and whether each is kept."""
    folder = f"uploads/{SERVICE}/{item.id}/"
    found = {}
    for stored in store.list(folder):
        tags = clients.s3_client().get_object_tagging(Bucket=BUCKET, Key=stored.key)["TagSet"]
        assert tags in ([], [{"Key": "state", "Value": "unfinished"}])
        found[stored.key.removeprefix(folder)] = not tags
    return found


def test_parts_are_unfinished_and_gone_after_the_commit(uploads: Uploads, store: S3UploadStore) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    for number in (1, 2):
        uploads.add_part(SERVICE, item.id, number, b"a")
    assert objects_of(store, item) == {"item.json": True, "parts/00001": False, "parts/00002": False}
    committed = uploads.commit(SERVICE, item.id, [])
    assert committed.content is not None
    name = committed.content.key.rpartition("/")[2]
    assert objects_of(store, item) == {"item.json": True, "commit.json": True, name: True}


def test_file_that_was_sent_directly_is_kept_from_its_commit_on(
    uploads: Uploads, store: S3UploadStore
) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    store.replace(f"uploads/{SERVICE}/{item.id}/direct", b"sent", unfinished=True)
    assert objects_of(store, item) == {"item.json": True, "direct": False}
    uploads.commit(SERVICE, item.id, [])
    assert objects_of(store, item) == {"item.json": True, "commit.json": True, "direct": True}


def test_commit_with_another_checksum_leaves_nothing_behind(uploads: Uploads, store: S3UploadStore) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    uploads.add_part(SERVICE, item.id, 1, b"a")
    before = objects_of(store, item)
    with pytest.raises(InvalidParameter, match="is another"):
        uploads.commit(SERVICE, item.id, [], "0" * 64)
    assert objects_of(store, item) == before


def test_commit_that_fails_half_way_leaves_no_parts_in_the_store(
    uploads: Uploads, store: S3UploadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(stored: StoredObject) -> Iterator[bytes]:
        yield b"x" * MEGABYTE
        raise StorageError("away")

    item = uploads.register(SERVICE, "a.zip", None)
    uploads.add_part(SERVICE, item.id, 1, b"a")
    monkeypatch.setattr(store, "read", fail)
    with pytest.raises(StorageError):
        uploads.commit(SERVICE, item.id, [])
    assert clients.s3_client().list_multipart_uploads(Bucket=BUCKET).get("Uploads", []) == []


def forbid(*_: object) -> Iterator[bytes]:
    raise AssertionError("a file of this size is not read while the caller waits")


def test_md5_of_a_large_file_is_the_one_that_the_store_knows(
    uploads: Uploads, store: S3UploadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(uploads, rules=replace(RULES, read_bytes=3))
    item = small.register(SERVICE, "a.zip", None)
    store.replace(f"uploads/{SERVICE}/{item.id}/direct", b"sent")
    monkeypatch.setattr(store, "read", forbid)
    with pytest.raises(InvalidParameter, match="the md5 of what was uploaded is another"):
        small.commit(SERVICE, item.id, [], "0" * 32)
    md5 = hashlib.md5(b"sent", usedforsecurity=False).hexdigest()
    assert small.commit(SERVICE, item.id, [], md5.upper()).content


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_other_checksums_of_a_large_file_are_refused_with_the_way_out(
    uploads: Uploads, store: S3UploadStore, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    small = replace(uploads, rules=replace(RULES, read_bytes=3))
    item = small.register(SERVICE, "a.zip", None)
    store.replace(f"uploads/{SERVICE}/{item.id}/direct", b"sent")
    monkeypatch.setattr(store, "read", forbid)
    problem = f"the {name} of more than 3 bytes cannot be computed in time. Accepted: the MD5 of the file"
    with pytest.raises(InvalidParameter, match=problem):
        small.commit(SERVICE, item.id, [], hashlib.new(name, b"sent").hexdigest())
    assert uploads.find(SERVICE, item.id).content is None


@pytest.mark.parametrize("encryption", ["aws:kms", "aws:kms:dsse"])
def test_tag_of_an_object_with_another_key_is_no_md5(
    uploads: Uploads, store: S3UploadStore, encryption: str
) -> None:
    key = f"uploads/{SERVICE}/kms"
    clients.s3_client().put_object(Bucket=BUCKET, Key=key, Body=b"sent", ServerSideEncryption=encryption)  # type: ignore[arg-type]
    assert store.find_md5(store.stat(key)) == ""


def test_cancel_ends_the_copying_although_the_store_is_silent(
    uploads: Uploads, store: S3UploadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, stop = threading.Event(), threading.Event()

    def read(stored: StoredObject) -> Iterator[bytes]:
        asked.set()
        stop.wait(LONG)
        yield b""

    def check_cancelled() -> None:
        if asked.is_set():
            raise Cancelled

    item = uploads.upload(SERVICE, "a.csv", None, b"text")
    monkeypatch.setattr(store, "read", read)
    with pytest.raises(Cancelled):
        uploads.fetch(SERVICE, item.id, tmp_path, 10, check_cancelled)
    assert not stop.is_set()
    stop.set()


def test_items_expire(uploads: Uploads, clock: VirtualClock) -> None:
    registered = uploads.register(SERVICE, "a.zip", None)
    committed = uploads.upload(SERVICE, "a.zip", None, b"x")
    clock.time += DAY
    with pytest.raises(NotFound):
        uploads.find(SERVICE, registered.id)
    assert uploads.find(SERVICE, committed.id)
    clock.time += 6 * DAY
    with pytest.raises(NotFound):
        uploads.find(SERVICE, committed.id)


def test_deleted_item_leaves_nothing(uploads: Uploads, store: S3UploadStore) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    for number in (1, 2):
        uploads.add_part(SERVICE, item.id, number, b"a")
    uploads.commit(SERVICE, item.id, [])
    uploads.delete(SERVICE, item.id)
    with pytest.raises(NotFound):
        uploads.find(SERVICE, item.id)
    assert list(store.list(f"uploads/{SERVICE}/{item.id}/")) == []


def test_form_of_a_direct_upload_is_for_one_key_and_size(uploads: Uploads) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    form = uploads.presign_upload(SERVICE, item.id)
    key = f"uploads/{SERVICE}/{item.id}/direct"
    assert form["fields"]["key"] == key
    conditions = orjson.loads(base64.b64decode(form["fields"]["policy"]))["conditions"]
    assert {"key": key} in conditions
    assert {"bucket": BUCKET} in conditions
    assert ["content-length-range", 1, RULES.most_bytes] in conditions
    assert {"tagging": form["fields"]["tagging"]} in conditions
    assert "<Key>state</Key><Value>unfinished</Value>" in form["fields"]["tagging"]
    assert not any(isinstance(c, list) and c[0] == "starts-with" for c in conditions)


def test_file_that_was_sent_directly_is_committed(
    uploads: Uploads, store: S3UploadStore, tmp_path: Path
) -> None:
    item = uploads.register(SERVICE, "a.zip", None)
    store.replace(f"uploads/{SERVICE}/{item.id}/direct", b"sent")
    with pytest.raises(InvalidParameter, match="md5"):
        uploads.commit(SERVICE, item.id, [], "0" * 32)
    uploads.commit(SERVICE, item.id, [], hashlib.md5(b"sent", usedforsecurity=False).hexdigest())
    assert content(uploads, item, tmp_path) == b"sent"
    store.replace(f"uploads/{SERVICE}/{item.id}/direct", b"sent again, after it was looked at")
    with pytest.raises(NotFound):
        content(uploads, item, tmp_path)


def test_download_is_saved_under_the_name_of_the_item(uploads: Uploads) -> None:
    item = uploads.upload(SERVICE, "a b.csv", None, b"x")
    query = parse_qs(urlsplit(uploads.presign_download(SERVICE, item.id)).query)
    assert query["response-content-type"] == ["application/octet-stream"]
    assert query["response-content-disposition"][0].startswith('attachment; filename="a b.csv"')
    assert query["X-Amz-Expires"] == ["900"]
