"""A built function as Lambda unpacks it, and a process that runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gpserverless.project.built import BuiltFunction

HERE = Path(__file__).parent
SECONDS = 900  # for all that one process does


@dataclass(frozen=True)
class Unpacked:
    """One function's `/var/task` and `/opt`.

    Args:
        task: Its code.
        opt: Its layers, one unpacked over the other.
        python: The interpreter of the runtime.
        variables: Its environment variables.
        answers: Where its process writes them.
    """

    task: Path
    opt: Path
    python: Path
    variables: Mapping[str, str]
    answers: Path

    def invoke(self, *events: Any) -> list[Any]:
        """Return the answers to the events, given to one process one by one; an error fails the test."""
        answers = self._run(["app.handler"], [json.dumps(event) for event in events])
        assert len(answers) == len(events), answers
        assert not [answer["error"] for answer in answers if "error" in answer]
        return [answer["answer"] for answer in answers]

    def load(self, modules: Iterable[str]) -> list[Any]:
        """Import modules in a new process; return the failures, and last the path and all loaded files."""
        return self._run([], list(modules))

    def _run(self, handler: list[str], lines: list[str]) -> list[Any]:
        self.answers.unlink(missing_ok=True)
        path = {"PYTHONPATH": f"{self.task}:{self.opt}/python", "LAMBDA_TASK_ROOT": str(self.task)}
        done = subprocess.run(
            [self.python, "-P", "-S", "-B", HERE / "runtime.py", *handler, self.answers],
            input="\n".join(lines),
            env={**self.variables, **path},
            cwd=self.task,
            text=True,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in self.answers.read_text("utf-8").splitlines()]


def unpack(
    function: BuiltFunction, folder: Path, python: Path, variables: Mapping[str, str] | None = None
) -> Unpacked:
    """Unpack a function as Lambda does; a file that two layers have fails the test."""
    opt = folder / "opt"
    for layer in function.layers:
        for source in layer.rglob("*"):
            target = opt / source.relative_to(layer)
            if source.is_dir():
                target.mkdir(parents=True, exist_ok=True)
            else:
                assert not target.exists(), f"two layers have {target.relative_to(opt)}"
                os.link(source, target)
    shutil.copytree(function.code, folder / "task")
    return Unpacked(folder / "task", opt, python, dict(variables or {}), folder / "answers.jsonl")
