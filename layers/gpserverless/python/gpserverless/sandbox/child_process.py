"""A child process, seen from the function."""

from __future__ import annotations

import os
import signal
from contextlib import closing

from gpserverless.errors import OutOfMemory, ToolCrashed
from gpserverless.sandbox.frames import ReportFrame, RunRequest, decode_report, encode
from gpserverless.sandbox.pipe import Pipe
from gpserverless.sandbox.processes import has_ended, kill_group
from gpserverless.sandbox.zygote import Zygote, ZygoteGone

EXIT_SECONDS = 1.0
"""How long a child whose pipe is closed may take to end before it is killed."""


class CallUnread(Exception):
    """The child has ended before it read its call, so its tool has not begun."""


class ChildProcess:
    """A child that has been asked for, and the function's end of its pipe.

    Args:
        zygote: The process that forks the child.

    Attributes:
        pid: Its process id; 0 until `wait_until_forked`.

    Raises:
        ZygoteGone: There is no zygote any more.
    """

    def __init__(self, zygote: Zygote) -> None:
        self.pid = 0
        self._zygote = zygote
        self._end = 0
        self._pipe, theirs = Pipe.pair()
        with closing(theirs):
            try:
                self._fork = zygote.request_child(theirs.fileno())
            except ZygoteGone:
                self._pipe.close()
                raise

    def wait_until_forked(self) -> None:
        """Wait for the fork.

        Raises:
            ZygoteGone: There is no zygote any more.
        """
        if not self.pid:
            self.pid = self._zygote.wait(self._fork)

    def has_died(self) -> bool:
        """Return whether it has ended before it was sent a call; if it was stopped, it goes on."""
        try:
            os.kill(self.pid, signal.SIGCONT)
            self._pipe.wait(0)
        except (EOFError, ConnectionError, ProcessLookupError):
            return True
        return False

    def send(self, request: RunRequest) -> None:
        """Send the call to run.

        Raises:
            CallUnread: The child has ended.
        """
        try:
            self._pipe.send(*encode(request))
        except ConnectionError:
            raise CallUnread from None

    def receive(self, seconds: float) -> ReportFrame | None:
        """Return the next frame, or None if none is complete in time.

        Args:
            seconds: The longest wait.

        Raises:
            EOFError: The child has closed its end, or has ended.
            CallUnread: It has ended, and what was sent to it is still there: the pipe is reset (unix(7)).
            ToolCrashed: It sent something else than a frame.
        """
        try:
            if self._pipe.wait(seconds):
                return decode_report(*self._pipe.receive())
            # What the tool has started may still hold the other end of the pipe.
            if has_ended(self.pid) and not self._pipe.wait(0):
                raise EOFError("the child has ended")
        except ConnectionError:
            raise CallUnread from None
        return None

    def hang_up(self) -> None:
        """Close the pipe. A child that has not been sent a call ends by itself."""
        self._pipe.close()

    def request_end(self, seconds: float = 0.0) -> None:
        """Have it ended with all that it has started, without waiting for that.

        Args:
            seconds: How long it may take to end by itself before it is killed.

        Raises:
            ZygoteGone: There is no zygote any more; its children have ended with it.
        """
        self._pipe.close()
        if not seconds:
            kill_group(self.pid)
        self._end = self._zygote.request_end(self.pid, seconds)

    def wait_until_ended(self) -> int:
        """Wait until it and all that it had started have ended, which has been asked for; return how.

        Returns:
            Its status, as `os.waitpid` says it.

        Raises:
            ZygoteGone: There is no zygote any more; its children have ended with it.
        """
        return self._zygote.wait(self._end)

    def explain_death(self) -> ToolCrashed | OutOfMemory:
        """Return the error that says how a child has died which has closed its pipe.

        Raises:
            ZygoteGone: There is no zygote any more; its children have ended with it.
        """
        self.request_end(EXIT_SECONDS)
        status = self.wait_until_ended()
        if not os.WIFSIGNALED(status):
            return ToolCrashed(f"The tool's process died (exit {os.WEXITSTATUS(status)}).")
        number = os.WTERMSIG(status)
        if number == signal.SIGKILL:
            return OutOfMemory("The tool ran out of memory.")
        return ToolCrashed(f"The tool's process died ({signal.Signals(number).name}).")
