"""The fixtures of jobs, for the functions that work on them."""

from tests.jobs.conftest import *  # noqa: F403
