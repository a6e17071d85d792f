"""Settings: what a function's environment says, read once at cold start, failing by name.

Each function has a class of its own with just what it needs; the same names stand in template.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from gpserverless.errors import SettingsError


def text(environment: Mapping[str, str], name: str) -> str:
    """Return a variable that must be there.

    Raises:
        SettingsError: It is missing or empty.
    """
    value = environment.get(name, "")
    if not value:
        raise SettingsError(f"The environment variable {name} is missing.")
    return value


def number(environment: Mapping[str, str], name: str, default: float) -> float:
    """Return a variable that is a number above zero.

    Raises:
        SettingsError: It is not.
    """
    value = environment.get(name, "") or default
    try:
        parsed = float(value)
    except ValueError:
        raise SettingsError(f"The environment variable {name} must be a number, not '{value}'.") from None
    if not parsed > 0:
        raise SettingsError(f"The environment variable {name} must be above zero, not '{value}'.")
    return parsed


def switches(environment: Mapping[str, str]) -> frozenset[str]:
    """Return the names of all variables that are switched on, for services that are published by one."""
    return frozenset(name for name, value in environment.items() if value.lower() == "true")


@dataclass(frozen=True)
class DirectorySettings:
    """Settings of the function that describes services.

    Attributes:
        public_url: Public URL of the site, "" to take it from the gateway.
        switched_on: Names of the settings that are on.
    """

    public_url: str
    switched_on: frozenset[str]

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read them from an environment."""
        return cls(environment.get("PUBLIC_URL", ""), switches(environment))


@dataclass(frozen=True)
class ExecuteSettings:
    """Settings of the function that runs tools while the caller waits.

    Attributes:
        public_url: Public URL of the site, "" to take it from the gateway.
        switched_on: Names of the settings that are on.
        bucket: Name of the bucket for large answers and files.
        seconds: Longest run.
        memory: Bytes that a tool may allocate, or None for no limit.
    """

    public_url: str
    switched_on: frozenset[str]
    bucket: str
    seconds: float
    memory: int | None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read them from an environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        return cls(
            environment.get("PUBLIC_URL", ""),
            switches(environment),
            text(environment, "BUCKET"),
            number(environment, "EXECUTE_SECONDS", 25),
            tool_memory(environment),
        )


def tool_memory(environment: Mapping[str, str]) -> int | None:
    """Return the bytes that a tool may allocate: the function's memory less what the function itself needs.

    Lambda gives `AWS_LAMBDA_FUNCTION_MEMORY_SIZE` in MiB; 400 MiB are kept for the parent, as it holds the
    outputs on their way to the store.
    """
    size = environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "")
    return max(int(size) - 400, 128) * 2**20 if size.isdigit() else None


@dataclass(frozen=True)
class JobsSettings:
    """Settings of the function that takes jobs in and answers for them.

    Attributes:
        public_url: Public URL of the site, "" to take it from the gateway.
        switched_on: Names of the settings that are on.
        bucket: Name of the bucket with inputs, results and files.
        table: Name of the job table.
        queue_url: URL of the job queue.
        run_seconds: Longest run of a job.
        retention_hours: How long a finished job can be asked for.
    """

    public_url: str
    switched_on: frozenset[str]
    bucket: str
    table: str
    queue_url: str
    run_seconds: float
    retention_hours: float

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read them from an environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        return cls(
            environment.get("PUBLIC_URL", ""),
            switches(environment),
            text(environment, "BUCKET"),
            text(environment, "JOBS_TABLE"),
            text(environment, "JOBS_QUEUE_URL"),
            number(environment, "RUN_SECONDS", 840),
            number(environment, "RETENTION_HOURS", 24),
        )


@dataclass(frozen=True)
class WorkerSettings:
    """Settings of the function that works on jobs.

    Attributes:
        switched_on: Names of the settings that are on.
        bucket: Name of the bucket with inputs, results and files.
        table: Name of the job table.
        queue_url: URL of the job queue.
        run_seconds: Longest run of a job, all attempts together.
        retention_hours: How long a finished job can be asked for.
        memory: Bytes that a tool may allocate, or None for no limit.
    """

    switched_on: frozenset[str]
    bucket: str
    table: str
    queue_url: str
    run_seconds: float
    retention_hours: float
    memory: int | None

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read them from an environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        return cls(
            switches(environment),
            text(environment, "BUCKET"),
            text(environment, "JOBS_TABLE"),
            text(environment, "JOBS_QUEUE_URL"),
            number(environment, "RUN_SECONDS", 840),
            number(environment, "RETENTION_HOURS", 24),
            tool_memory(environment),
        )


@dataclass(frozen=True)
class ReaperSettings:
    """Settings of the function that looks after jobs that nobody works on.

    Attributes:
        table: Name of the job table.
        queue_url: URL of the job queue.
        retention_hours: How long a finished job can be asked for.
    """

    table: str
    queue_url: str
    retention_hours: float

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read them from an environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        return cls(
            text(environment, "JOBS_TABLE"),
            text(environment, "JOBS_QUEUE_URL"),
            number(environment, "RETENTION_HOURS", 24),
        )


@dataclass(frozen=True)
class DeadLettersSettings:
    """Settings of the function that ends jobs whose messages could not be delivered.

    Attributes:
        table: Name of the job table.
        retention_hours: How long a finished job can be asked for.
    """

    table: str
    retention_hours: float

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Read them from an environment.

        Raises:
            SettingsError: A variable is missing or wrong.
        """
        return cls(text(environment, "JOBS_TABLE"), number(environment, "RETENTION_HOURS", 24))
