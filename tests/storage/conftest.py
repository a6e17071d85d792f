"""The fixtures of jobs, for the stores that jobs need."""

from tests.jobs.conftest import *  # noqa: F403
