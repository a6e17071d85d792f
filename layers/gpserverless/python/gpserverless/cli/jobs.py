"""`gpserverless jobs`: the jobs of a stack, read and moved in its table as its functions do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from gpserverless.cli.output import format_time, print_fields, print_rows
from gpserverless.cli.site_options import AsJson
from gpserverless.cli.table_options import Region, Stack, Url
from gpserverless.clock import SystemClock
from gpserverless.errors import CommandError, RequestError
from gpserverless.jobs.cancel import cancel as cancel_job
from gpserverless.jobs.deletion import delete as delete_job
from gpserverless.jobs.job import Job
from gpserverless.jobs.ledger import Ledger
from gpserverless.jobs.rules import JobRules

if TYPE_CHECKING:
    from gpserverless.storage.stack_jobs import StackJobs

jobs = typer.Typer(no_args_is_help=True, help="The jobs of a stack, for its administrators.")

JobId = Annotated[str, typer.Argument(metavar="JOB", help="Id of the job.")]
Status = Annotated[str, typer.Option(help="Only jobs of this status, such as esriJobFailed or failed.")]

_PREFIX = "esrijob"


@jobs.command("list")
def list_jobs(
    status: Status = "",
    most: Annotated[int, typer.Option(min=1, help="Most jobs to list, the newest first.")] = 50,
    stack: Stack = "",
    url: Url = "",
    region: Region = "",
    as_json: AsJson = False,
) -> None:
    """List jobs, the newest first."""
    wanted = status.lower().removeprefix(_PREFIX)
    found = [
        job
        for job in open_jobs(stack, url, region).list()
        if job.status.is_visible and wanted in ("", _name_status(job))
    ]
    found.sort(key=lambda job: job.created_at, reverse=True)
    rows = [describe_job(job) for job in found[:most]]
    print_rows(rows, ("id", "status", "service", "task", "owner", "created", "ended"), as_json=as_json)


@jobs.command()
def show(
    job_id: JobId, stack: Stack = "", url: Url = "", region: Region = "", as_json: AsJson = False
) -> None:
    """Show a job."""
    print_fields(describe_job(_find(open_jobs(stack, url, region), job_id)), as_json=as_json)


@jobs.command()
def cancel(job_id: JobId, stack: Stack = "", url: Url = "", region: Region = "") -> None:
    """Cancel a job: one that waits at once, one that runs within two seconds."""
    found = open_jobs(stack, url, region)
    try:
        job = cancel_job(_make_ledger(found), _find(found, job_id))
    except RequestError as error:
        raise CommandError(_tell(error)) from None
    typer.echo(f"{job.id} is {job.status.public.value} now.")


@jobs.command()
def delete(job_id: JobId, stack: Stack = "", url: Url = "", region: Region = "") -> None:
    """Delete a job that is over: nobody sees it any more, and the stack erases it within minutes."""
    found = open_jobs(stack, url, region)
    try:
        delete_job(_make_ledger(found), job_id)
    except RequestError as error:
        raise CommandError(_tell(error)) from None
    typer.echo(f"{job_id} is deleted.")


@jobs.command()
def logs(
    job_id: JobId,
    stack: Stack = "",
    region: Region = "",
    minutes: Annotated[int, typer.Option(min=1, help="How far to look back in the log of a stack.")] = 1440,
) -> None:
    """Print the lines about a job: of a stack, or of gpserverless serve in this project."""
    from gpserverless.cli.logs import read_local_lines, read_stack_lines

    lines = read_stack_lines(job_id, stack, region, minutes) if stack else read_local_lines(job_id, 0)
    for line in lines:
        typer.echo(line)


def open_jobs(stack: str, url: str, region: str) -> StackJobs:
    """Open the jobs that the options name.

    Args:
        stack: Name of a stack, or "".
        url: URL of another AWS, or "".
        region: Region, or "" for that of the environment.

    Raises:
        CommandError: No option says which.
        StorageError: There is none, or AWS refuses.
    """
    from gpserverless.storage.stack_jobs import open_jobs as open_table
    from gpserverless.storage.stacks import StackPlace, check_credentials

    if not (stack or url):
        raise CommandError(
            "say whose jobs: --stack NAME, or --url with the AWS that gpserverless serve shows"
        )
    if not url:
        check_credentials()
    return open_table(StackPlace(stack=stack, url=url, region=region))


def describe_job(job: Job) -> dict[str, Any]:
    """Return the members of a job that are shown.

    Args:
        job: The job.
    """
    return {
        "id": job.id,
        "status": job.status.public.value,
        "service": job.service,
        "task": job.task,
        "owner": job.owner,
        "created": format_time(job.created_at or 0),
        "started": format_time(job.started_at or 0),
        "ended": format_time(job.ended_at or 0),
        "attempt": job.attempt,
        "messages": [f"{message.kind}: {message.text}" for message in job.messages],
    }


def _find(found: StackJobs, job_id: str) -> Job:
    job = found.table.read(job_id)
    if job is None or not job.status.is_visible:
        raise CommandError(f"there is no job '{job_id[:64]}'")
    return job


def _make_ledger(found: StackJobs) -> Ledger:
    return Ledger(found.table, JobRules(), SystemClock())


def _name_status(job: Job) -> str:
    return job.status.public.value.lower().removeprefix(_PREFIX)


def _tell(error: RequestError) -> str:
    return " ".join(error.details) or str(error)
