"""Scanners' findings are judged: nothing is found without a word, and nothing is excused for ever."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dev.scan import audit, template_checks
from dev.scan.template_checks import EXCEPTIONS, FailedCheck

LOCK = Path("requirements.txt")
WELL = {"name": "shapely", "version": "2.2.0", "vulns": []}
ADVISORY = {"id": "PYSEC-2026-1", "fix_versions": ["3.21"], "aliases": ["CVE-2026-1"], "description": "…"}
ILL = {"name": "idna", "version": "3.20", "vulns": [ADVISORY]}
UNKNOWN = {
    "name": "yarl",
    "skip_reason": "Dependency not found on PyPI and could not be audited: yarl (1.25.1)",
}


@pytest.mark.parametrize(
    ("packages", "status"),
    [([WELL], 0), ([WELL, ILL], 1), ([WELL, UNKNOWN], 3), ([UNKNOWN, ILL], 1), ([UNKNOWN], 3), ([], 3)],
)
def test_audit_passes_when_every_package_was_looked_up(packages: list[object], status: int) -> None:
    assert audit.judge([audit.read_audit(LOCK, json.dumps({"dependencies": packages}))]) == status


def test_audit_names_advisory_and_cure() -> None:
    read = audit.read_audit(LOCK, json.dumps({"dependencies": [WELL, ILL]}))
    assert read.advisories == ("  idna 3.20: PYSEC-2026-1 CVE-2026-1; fixed in 3.21",)
    assert read.audited == 2


def test_every_lock_is_audited() -> None:
    deployed = {"requirements.txt", "vector.txt", "raster.txt", "drawing.txt"}
    assert {lock.name for lock in audit.LOCKS} >= deployed | {"dev.txt", "scan.txt"}


ALL = [FailedCheck(name, "…", "Bucket") for name in EXCEPTIONS]


def test_failed_check_is_found_unless_it_is_an_exception() -> None:
    assert template_checks.judge(ALL) == []
    found = FailedCheck("CKV_AWS_53", "S3 blocks public policies", "Bucket")
    assert template_checks.judge([*ALL, found]) == [
        "template.yaml: Bucket: CKV_AWS_53 S3 blocks public policies"
    ]


def test_exception_that_nothing_needs_is_found() -> None:
    assert template_checks.judge(ALL[1:]) == [
        f"dev/scan/template_checks.py: nothing fails {ALL[0].id} any more"
    ]


def test_report_about_nothing_is_no_report() -> None:
    with pytest.raises(ValueError, match="checked nothing"):
        template_checks.read_report('{"passed": 0, "failed": 0}')


def test_report_is_read() -> None:
    failed = {"check_id": "CKV_AWS_18", "check_name": "logs", "resource": "AWS::S3::Bucket.Bucket"}
    report = {"summary": {"passed": 59, "parsing_errors": 0}, "results": {"failed_checks": [failed]}}
    assert template_checks.read_report(json.dumps(report)) == [FailedCheck("CKV_AWS_18", "logs", "Bucket")]


def test_exception_has_a_reason() -> None:
    assert all(len(reason) > 40 for reason in EXCEPTIONS.values())
