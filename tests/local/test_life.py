"""The cloud serves every saved change, and leaves nothing behind, however it ends."""

from __future__ import annotations

import asyncio
import ctypes
import io
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from local import LocalCloud, ServeOptions
from local.catalogue import write_catalogue
from local.cloud import StartEnded
from local.options import ROOT
from local.resolver import STACK
from local.resources import make_client
from local.template import TemplateError
from local.terminal import Terminal, list_some
from tests.local.stack import Running, ask, copy_sources, eventually, processes_of
from tests.patience import LONG

QUEUE = "Resources:\n  Queue: {Type: AWS::SQS::Queue}\n"
WAITING = """
import time
from pathlib import Path

def handler(event, context):
    gate = Path("{gate}")
    gate.touch()
    while gate.exists():
        time.sleep(0.01)
    return "old"
"""


@pytest.fixture
def same_aws(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clouds use the AWS that is there; starting one is most of a cloud's start."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", running.cloud.endpoint)


@pytest.mark.usefixtures("same_aws")
def test_saved_change_is_served_unless_it_is_broken(tmp_path: Path) -> None:
    printed = io.StringIO()
    template = copy_sources(tmp_path)
    with LocalCloud(ServeOptions(template=template, watch=True, terminal=Terminal(printed))) as cloud:

        def word() -> str:
            return str(ask(cloud.url, "/echo/x?do=word").json()["word"])

        assert word() == "one"
        (tmp_path / "layer" / "words.py").write_text('WORD = "two"\n')
        eventually(lambda: "Reloaded: layer/words.py" in printed.getvalue())
        eventually(lambda: len(processes_of(tmp_path)) == 1)  # of the function that has been in use
        assert word() == "two"

        whole = template.read_text()
        template.write_text(whole.replace("rate(1 minute)", "cron(0 12 * * ? *)"))
        eventually(lambda: "Still serving what was there before" in printed.getvalue())
        assert word() == "two"

        for times, half in enumerate(("Resources:\n  Queue:\n", "Parameters:\n" + QUEUE), 2):
            template.write_text(half)
            eventually(lambda times=times: printed.getvalue().count("Still serving") == times)  # type: ignore[misc]
        template.write_text(whole)
        eventually(lambda: "Reloaded: template.yaml" in printed.getvalue())


@pytest.mark.usefixtures("same_aws")
def test_change_in_a_folder_that_the_template_named_later_is_served(tmp_path: Path) -> None:
    printed = io.StringIO()
    template = copy_sources(tmp_path)
    with LocalCloud(ServeOptions(template=template, watch=True, terminal=Terminal(printed))) as cloud:
        other = tmp_path / "functions" / "other"
        other.mkdir()
        (other / "app.py").write_text("def handler(event, context):\n    return 'first'\n")
        template.write_text(template.read_text().replace("functions/echo", "functions/other"))
        eventually(lambda: ask(cloud.url, "/echo/x").body == b"first")
        eventually(lambda: "Reloaded: template.yaml" in printed.getvalue())

        def is_served() -> bool:  # saved again, since the folder is watched a moment after that
            (other / "app.py").write_text("def handler(event, context):\n    return 'second'\n")
            return ask(cloud.url, "/echo/x").body == b"second"

        eventually(is_served)


@pytest.mark.usefixtures("same_aws")
def test_last_of_many_changes_within_a_second_is_served(tmp_path: Path) -> None:
    options = ServeOptions(template=copy_sources(tmp_path), watch=True)
    with LocalCloud(options) as cloud:

        def is_served(word: str) -> bool:
            return bool(ask(cloud.url, "/echo/x?do=word").json().get("word") == word)

        for number in range(10, 30):
            (tmp_path / "layer" / "words.py").write_text(f'WORD = "{number}"\n')
            if number % 4 == 0:
                eventually(lambda number=number: is_served(str(number)))  # type: ignore[misc]
        eventually(lambda: is_served("29"))


class SavesWhenReady(io.StringIO):
    """A terminal at which somebody saves a file at the moment in which the site is said to be ready."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__()
        self.path, self.text = path, text

    def write(self, text: str) -> int:
        if "Ready in" in text:
            self.path.write_text(self.text)
        return super().write(text)


@pytest.mark.usefixtures("same_aws")
def test_change_that_is_saved_at_once_is_served(tmp_path: Path) -> None:
    printed = SavesWhenReady(tmp_path / "layer" / "words.py", 'WORD = "two"\n')
    options = ServeOptions(template=copy_sources(tmp_path), watch=True, terminal=Terminal(printed))
    with LocalCloud(options) as cloud:
        eventually(lambda: "Reloaded: layer/words.py" in printed.getvalue())
        assert ask(cloud.url, "/echo/x?do=word").json() == {"word": "two"}


@pytest.fixture
def stuck(tmp_path: Path) -> Path:
    """Return the template of a stack whose tools are read for ever, so that no start comes to its end."""
    template = copy_sources(tmp_path)
    toolkit = tmp_path / "layer" / "gpserverless" / "toolkit"
    for folder in (toolkit, tmp_path / "layer" / "toolboxes"):
        folder.mkdir(parents=True)
    (toolkit / "__main__.py").write_text("import time; time.sleep(600)")
    return template


def is_reading_tools(folder: Path) -> bool:
    return any("gpserverless.toolkit" in command for command in processes_of(folder).values())


@pytest.mark.usefixtures("same_aws")
def test_start_can_be_ended(stuck: Path) -> None:
    cloud = LocalCloud(ServeOptions(template=stuck))

    def end() -> None:
        eventually(lambda: is_reading_tools(stuck.parent))
        cloud.end()

    ending = threading.Thread(target=end)
    ending.start()
    with pytest.raises(StartEnded):
        cloud.start()
    ending.join()
    assert not processes_of(stuck.parent)
    cloud.stop()


@pytest.mark.usefixtures("same_aws")
def test_cloud_that_ends_before_it_starts_never_starts(tmp_path: Path) -> None:
    cloud = LocalCloud(ServeOptions(template=copy_sources(tmp_path)))
    cloud.end()
    with pytest.raises(StartEnded):
        cloud.start()


@pytest.mark.usefixtures("same_aws")
def test_reload_is_ended_with_the_cloud(stuck: Path) -> None:
    toolkit = stuck.parent / "layer" / "gpserverless" / "toolkit" / "__main__.py"
    endless = toolkit.read_text()
    toolkit.write_text("")
    with LocalCloud(ServeOptions(template=stuck, watch=True)):
        toolkit.write_text(endless)
        (stuck.parent / "layer" / "toolboxes" / "rivers.py").write_text("")
        eventually(lambda: is_reading_tools(stuck.parent))
    assert not processes_of(stuck.parent)


def test_signal_during_the_start_ends_the_program_and_its_children(stuck: Path) -> None:
    command = [sys.executable, "-m", "local", "--port", "0", "--template", str(stuck)]
    marked = {**os.environ, "MARK": str(stuck.parent)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=marked, cwd=ROOT) as program:
        eventually(lambda: is_reading_tools(stuck.parent))
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=LONG) == 0
        assert program.stdout is not None
        assert program.stdout.read() == ""
    eventually(lambda: not processes_of(stuck.parent))


@pytest.mark.usefixtures("same_aws")
def test_invocation_ends_in_the_code_it_began_in(tmp_path: Path) -> None:
    template = copy_sources(tmp_path)
    template.write_text(template.read_text().replace("  Timeout: 2\n", "  Timeout: 60\n"))
    app = tmp_path / "functions" / "echo" / "app.py"
    gate = tmp_path / "gate"
    app.write_text(WAITING.format(gate=gate))
    printed = io.StringIO()
    with LocalCloud(
        ServeOptions(template=template, warm=False, watch=True, terminal=Terminal(printed))
    ) as cloud:
        answers: list[bytes] = []
        thread = threading.Thread(target=lambda: answers.append(ask(cloud.url, "/echo/x").body))
        thread.start()
        eventually(gate.exists)
        app.write_text("def handler(event, context):\n    return 'new'\n")
        eventually(lambda: "Reloaded" in printed.getvalue())
        assert ask(cloud.url, "/echo/x").body == b"new"
        gate.unlink()
        thread.join()
        assert answers == [b"old"]


@pytest.mark.usefixtures("same_aws")
def test_stop_ends_every_process(tmp_path: Path) -> None:
    with LocalCloud(ServeOptions(template=copy_sources(tmp_path), warm=False)) as cloud:
        ask(cloud.url, "/echo/x")
        assert processes_of(tmp_path)
    assert not processes_of(tmp_path)
    with pytest.raises(OSError, match="refused"):
        ask(cloud.url, "/echo/x")


def signal_another_thread(process: int, number: int) -> None:
    """Send a signal to a thread that is not the main one, as the kernel does when that has one to handle."""
    others = [int(each.name) for each in Path(f"/proc/{process}/task").iterdir() if each.name != str(process)]
    assert ctypes.CDLL(None, use_errno=True).tgkill(process, others[0], number) == 0


@pytest.mark.parametrize(
    ("send", "number", "code"),
    [
        (os.kill, signal.SIGTERM, 0),
        (os.kill, signal.SIGKILL, -signal.SIGKILL),
        (signal_another_thread, signal.SIGTERM, 0),
    ],
    ids=["a polite one", "a hard one", "one that reaches another thread"],
)
def test_signal_ends_the_program_and_its_children(
    tmp_path: Path, send: Callable[[int, int], None], number: int, code: int
) -> None:
    command = [sys.executable, "-m", "local", "--port", "0", "--template", str(copy_sources(tmp_path))]
    marked = {**os.environ, "MARK": str(tmp_path)}  # is inherited by moto, too
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=marked, cwd=ROOT) as program:
        assert program.stdout is not None
        banner = ""
        while "Ready in" not in banner:
            line = program.stdout.readline()
            assert line, banner
            banner += line
        url = re.search(r"http://127\.0\.0\.1:\d+", banner)
        assert url is not None
        assert ask(url[0], "/echo/x").status == 200
        send(program.pid, number)
        assert program.wait(timeout=LONG) == code
    eventually(lambda: not processes_of(tmp_path))


@pytest.mark.usefixtures("same_aws")
def test_unsupported_template_is_an_error_and_leaves_nothing_running(tmp_path: Path) -> None:
    template = copy_sources(tmp_path)
    template.write_text(template.read_text().replace("!Ref Table", "!Ref Nothing"))
    with pytest.raises(TemplateError, match="Nothing"):
        LocalCloud(ServeOptions(template=template)).start()
    assert not processes_of(tmp_path)


def test_embedded_aws_that_dies_is_told_of_and_started_again(tmp_path: Path) -> None:
    printed = io.StringIO()
    options = ServeOptions(template=copy_sources(tmp_path), warm=False, terminal=Terminal(printed))
    with LocalCloud(options) as cloud:
        endpoint, table = cloud.endpoint, {"TableName": f"{STACK}-Table"}
        dynamodb = make_client("dynamodb", endpoint)
        dynamodb.put_item(**table, Item={"pk": {"S": "kept"}})
        for times in (1, 2):
            os.kill(cloud.emulator_pid, signal.SIGKILL)
            eventually(lambda times=times: printed.getvalue().count("runs again") == times)  # type: ignore[misc]
        assert "The embedded AWS has ended by SIGKILL: all jobs, results, uploads" in printed.getvalue()
        assert cloud.endpoint == endpoint
        assert dynamodb.scan(**table)["Count"] == 0
        assert ask(cloud.url, "/echo/x?do=word").json() == {"word": "one"}
        function = make_client("s3", endpoint, "TickFunction")
        (bucket,) = make_client("s3", endpoint, "local").list_buckets()["Buckets"]
        function.put_object(Bucket=bucket["Name"], Key="ticks/x")
        with pytest.raises(ClientError, match="AccessDenied"):
            function.put_object(Bucket=bucket["Name"], Key="elsewhere")
        pid = cloud.emulator_pid
    assert not Path(f"/proc/{pid}").exists()


def test_taken_port_is_an_error(running: Running, tmp_path: Path) -> None:
    port = int(running.cloud.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        LocalCloud(ServeOptions(template=copy_sources(tmp_path), port=port)).start()


def test_toolbox_error_is_reported_with_its_own_text(tmp_path: Path) -> None:
    (tmp_path / "toolboxes").mkdir()
    checker = tmp_path / "gpserverless" / "toolkit"
    checker.mkdir(parents=True)
    (checker / "__main__.py").write_text("raise SystemExit('buffer.py: no such parameter')")
    assert asyncio.run(write_catalogue([tmp_path])) == "buffer.py: no such parameter"
    (checker / "__main__.py").write_text("")
    assert asyncio.run(write_catalogue([tmp_path])) == ""


@pytest.mark.parametrize(
    ("count", "told"), [(1, "f0"), (6, "f0, f1, f2, f3, f4, f5"), (8, "f0, f1, f2, f3, f4, f5 and 2 more")]
)
def test_some_of_many_changes_are_named(count: int, told: str) -> None:
    assert list_some({f"f{number}" for number in range(count)}) == told
