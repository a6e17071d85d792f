"""A site in memory answers as the deployed one does, without AWS and without a process."""

from __future__ import annotations

import pytest

from gpserverless.access.quotas import Quotas
from gpserverless.caller import Role
from gpserverless.errors import StorageError, UnknownJob
from gpserverless.jobs.recent import PAGE
from gpserverless.testing import ErrorAnswer, Site
from gpserverless.toolkit.run import Message

OWN_JOBS = "/arcgis/rest/jobs"
WORD = {"word": "ab", "times": 3}
ITEM = "i00000000-0000-0000-0000-000000000000"


def test_execute_answers_values_and_messages(site: Site) -> None:
    answer = site.execute("Now", "WriteWords", WORD)
    assert answer.messages == (Message("informative", "3 words."),)
    assert list(answer.values) == ["output"]
    assert site.get(answer.values["output"]["url"]).body == b"ababab"


def test_execute_sends_texts_as_they_are(site: Site) -> None:
    assert site.execute("Now", "Repeat", {"word": '"x"'}).values == {"output": '"x"'}


def test_execute_follows_the_link_to_a_large_answer(site: Site) -> None:
    answer = site.execute("Now", "Repeat", {"word": "x" * 1_000_000, "times": 7})
    assert len(answer.values["output"]) == 7_000_000


@pytest.mark.parametrize(
    ("task", "values", "told"),
    [
        ("Repeat", {}, "Parameter 'word'"),
        ("Repeat", {"word": "x", "times": "many"}, "'many' is not"),
        ("WriteWords", {"word": "x", "times": -1}, "There is less than nothing to write."),
        ("Nothing", {}, "Task 'Nothing' not found"),
    ],
)
def test_execute_raises_the_error_that_a_caller_gets(
    site: Site, task: str, values: dict[str, object], told: str
) -> None:
    with pytest.raises(ErrorAnswer, match=told) as refused:
        site.execute("Now", task, values)
    assert refused.value.code in (400, 404)


def test_execute_logs_an_error_in_a_tool(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ErrorAnswer, match="because of an error in it"):
        site.execute("Now", "Share", {"rows": {"fields": [], "features": []}})
    assert "ZeroDivisionError" in caplog.text


def test_execute_fails_when_a_tool_wants_too_much_memory(site: Site) -> None:
    with pytest.raises(ErrorAnswer, match="The tool ran out of memory"):
        site.execute("Now", "Repeat", {"word": "x", "times": 2**51})


def test_job_runs_when_it_is_told_to(site: Site) -> None:
    job = site.submit("Later", "WriteWords", WORD)
    assert site.job(job)["jobStatus"] == "esriJobSubmitted"
    assert site.run_jobs() == 1
    assert site.job(job)["jobStatus"] == "esriJobSucceeded"
    assert site.job(job)["messages"][2]["description"] == "3 words."
    assert site.get(site.result(job, "output")["url"]).body == b"ababab"
    assert site.run_jobs() == 0


def test_job_that_fails_says_why(site: Site) -> None:
    job = site.submit("Later", "WriteWords", {"word": "x", "times": -1})
    site.run_jobs()
    assert site.job(job)["jobStatus"] == "esriJobFailed"
    texts = [message["description"] for message in site.job(job)["messages"]]
    assert "There is less than nothing to write." in texts
    with pytest.raises(ErrorAnswer, match="The job failed, so it has no results"):
        site.result(job, "output")


def test_job_with_a_large_result_is_read_through_its_link(site: Site) -> None:
    job = site.submit("Later", "Repeat", {"word": "x" * 1_000_000, "times": 5})
    site.run_jobs()
    assert len(site.result(job, "output")) == 5_000_000


def test_job_can_be_cancelled_before_it_runs(site: Site) -> None:
    job = site.submit("Later", "Repeat", {"word": "x"})
    assert site.cancel(job) == {"jobId": job, "jobStatus": "esriJobCancelled"}
    site.run_jobs()
    assert site.job(job)["jobStatus"] == "esriJobCancelled"


def test_job_whose_inputs_cannot_be_read_is_tried_three_times(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(key: str) -> bytes:
        raise StorageError("down")

    job = site.submit("Later", "Repeat", {"word": "x"})
    monkeypatch.setattr(site.objects, "get", down)
    assert site.run_jobs() == 3
    assert site.job(job)["jobStatus"] == "esriJobFailed"


def test_job_expires_with_the_clock(site: Site) -> None:
    job = site.submit("Later", "Repeat", {"word": "x"})
    site.run_jobs()
    site.clock.sleep(25 * 3_600)
    with pytest.raises(ErrorAnswer, match="has expired: its data is no longer available"):
        site.job(job)


def test_job_that_nobody_submitted_is_unknown(site: Site) -> None:
    with pytest.raises(UnknownJob, match="There is no job"):
        site.job("j" + "0" * 32)


def test_submit_with_the_same_key_is_one_job(site: Site) -> None:
    jobs = {site.submit("Later", "Repeat", {"word": "x"}, clientRequestId="a") for _ in range(2)}
    assert len(jobs) == 1
    assert site.run_jobs() == 1


@pytest.mark.parametrize("rows", [{"url": "https://example.org/rows.json"}, {"itemID": ITEM}])
def test_reference_is_refused(site: Site, rows: dict[str, str]) -> None:
    with pytest.raises(
        ErrorAnswer, match="Parameter 'rows': it is a reference, and a test site fetches nothing"
    ):
        site.execute("Now", "Share", {"rows": rows})


def test_get_answers_in_any_format(site: Site) -> None:
    service = site.get("/arcgis/rest/services/Now/GPServer").json()
    assert service["tasks"] == ["Repeat", "Share", "WriteWords"]
    page = site.get("/arcgis/rest/services/Now/GPServer/Repeat", {"f": "html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_sandbox_runs_each_tool_in_a_process_of_its_own(package: str) -> None:
    with Site.of_package(package, in_sandbox=True) as site:
        answer = site.execute("Now", "WriteWords", WORD)
        assert site.get(answer.values["output"]["url"]).body == b"ababab"
        job = site.submit("Later", "Repeat", WORD)
        assert site.run_jobs() == 1
        assert site.result(job, "output") == "ababab"


def test_user_sees_and_cancels_the_own_jobs_alone(site: Site) -> None:
    ann, bob, root = site.sign_in("ann"), site.sign_in("bob"), site.sign_in("root", Role.ADMINISTRATOR)
    job = ann.submit("Later", "WriteWords", WORD)
    missing = "j" + "0" * 32
    for other in (site, bob):
        for path in ("", "/inputs", "/inputs/word", "/results", "/results/output", "/cancel"):
            asked = f"/arcgis/rest/services/Later/GPServer/WriteWords/jobs/{{}}{path}"
            foreign, unknown = (other.get(asked.format(each)).body.decode() for each in (job, missing))
            assert foreign.replace(job, missing) == unknown
            assert '"code":400' in unknown
    assert root.job(job)["jobStatus"] == "esriJobSubmitted"
    site.run_jobs()
    assert ann.result(job, "output") == root.result(job, "output")
    url = ann.result(job, "output")["url"]
    assert ann.get(url).body == b"ababab"
    for other in (site, bob):
        with pytest.raises(ErrorAnswer, match="There is no job"):
            other.get(url).json()


def test_user_lists_the_own_jobs_of_tasks_that_are_there(site: Site) -> None:
    ann, bob = site.sign_in("ann"), site.sign_in("bob", Role.ADMINISTRATOR)
    old = ann.submit("Later", "WriteWords", WORD)
    site.run_jobs()
    site.clock.sleep(1)
    new = ann.submit("Later", "Repeat", {"word": "x"})
    bob.submit("Later", "Repeat", {"word": "x"})
    site.submit("Later", "Repeat", {"word": "x"})
    listed = ann.get(OWN_JOBS).json()
    assert listed.keys() == {"jobs"}
    waiting, done = listed["jobs"]
    assert waiting == {
        "jobId": new,
        "jobStatus": "esriJobSubmitted",
        "service": "Later",
        "task": "Repeat",
        "submitted": done["submitted"] + 1000,
        "url": waiting["url"],
    }
    assert (done["jobId"], done["jobStatus"]) == (old, "esriJobSucceeded")
    assert done["ended"] >= done["submitted"]
    assert ann.get(done["url"]).json()["jobId"] == old


def test_list_of_jobs_goes_on_where_a_page_ends(site: Site) -> None:
    ann = site.sign_in("ann")
    jobs = [ann.submit("Later", "Repeat", {"word": "x"}) for _ in range(PAGE + 1)]
    first = ann.get(OWN_JOBS).json()
    rest = ann.get(OWN_JOBS, {"start": first["nextStart"]}).json()
    assert (len(first["jobs"]), len(rest["jobs"]), rest.keys()) == (PAGE, 1, {"jobs"})
    assert {job["jobId"] for page in (first, rest) for job in page["jobs"]} == set(jobs)
    with pytest.raises(ErrorAnswer, match="Parameter 'start': it is no place in the list"):
        ann.get(OWN_JOBS, {"start": "2"}).json()


def test_nobody_has_no_list_of_jobs(site: Site) -> None:
    site.submit("Later", "Repeat", {"word": "x"})
    with pytest.raises(ErrorAnswer) as refused:
        site.get(OWN_JOBS).json()
    assert refused.value.code == 499


def test_files_of_an_execute_are_its_callers(site: Site) -> None:
    ann, bob, root = site.sign_in("ann"), site.sign_in("bob"), site.sign_in("root", Role.ADMINISTRATOR)
    mine = ann.execute("Now", "WriteWords", WORD).values["output"]["url"]
    anybodys = site.execute("Now", "WriteWords", WORD).values["output"]["url"]
    assert ann.get(mine).body == root.get(mine).body == bob.get(anybodys).body == b"ababab"
    for other in (site, bob):
        with pytest.raises(ErrorAnswer, match="There is no such file"):
            other.get(mine).json()


def test_secured_site_is_for_users(package: str) -> None:
    with Site.of_package(package, secured=True) as site:
        with pytest.raises(ErrorAnswer, match="499: Token required"):
            site.execute("Now", "Repeat", {"word": "x"})
        assert site.sign_in("ann").execute("Now", "Repeat", {"word": "x"}).values == {"output": "x"}
        with pytest.raises(ErrorAnswer, match="403"):
            site.sign_in("eve", Role.VIEWER).execute("Now", "Repeat", {"word": "x"})


def test_quota_of_jobs_counts_submits_and_executes(package: str) -> None:
    with Site.of_package(package, quotas=Quotas(jobs=3)) as site:
        job = site.submit("Later", "Repeat", {"word": "x"})
        site.execute("Now", "Repeat", {"word": "x"})
        rejected = site.submit("Later", "Repeat", {"word": "x", "times": "many"})
        for path in ("Later/GPServer/Repeat/submitJob", "Now/GPServer/Repeat/execute"):
            with pytest.raises(
                ErrorAnswer, match=r"429: Quota reached\. The quota of jobs and executes is 3"
            ):
                site.post(f"/arcgis/rest/services/{path}", {"word": "x"}).json()
        site.run_jobs()
        assert site.result(job, "output") == "x"
        assert site.job(rejected)["jobStatus"] == "esriJobFailed"
        site.sign_in("ann").execute("Now", "Repeat", {"word": "x"})
        root = site.sign_in("root", Role.ADMINISTRATOR)
        for _ in range(5):
            root.execute("Now", "Repeat", {"word": "x"})


def test_quota_of_open_jobs_is_free_again_when_one_has_ended(package: str) -> None:
    with Site.of_package(package, quotas=Quotas(open_jobs=2)) as site:
        ann = site.sign_in("ann")
        first, _ = (ann.submit("Later", "Repeat", {"word": "x"}) for _ in range(2))
        with pytest.raises(ErrorAnswer, match=r"429: .* jobs that have not ended is 2"):
            ann.submit("Later", "Repeat", {"word": "x"})
        site.sign_in("bob").submit("Later", "Repeat", {"word": "x"})
        ann.submit("Later", "Repeat", {"word": "x", "times": "many"})  # it has failed, so it is not open
        ann.cancel(first)
        ann.submit("Later", "Repeat", {"word": "x"})
        site.run_jobs()
        assert [len(row["open_jobs"]) for row in site.use_rows.rows.values()] == [0, 0]
        ann.submit("Later", "Repeat", {"word": "x"})


def test_repeated_submit_counts_once(package: str) -> None:
    with Site.of_package(package, quotas=Quotas(jobs=2, open_jobs=1)) as site:
        form = {"word": "x", "clientRequestId": "a"}
        assert len({site.submit("Later", "Repeat", form) for _ in range(4)}) == 1
        (row,) = site.use_rows.rows.values()
        assert (row["jobs"], len(row["open_jobs"])) == (1, 1)


def test_quota_of_bytes_counts_inputs_and_outputs(package: str) -> None:
    with Site.of_package(package, quotas=Quotas(megabytes=1)) as site:
        site.execute("Now", "Repeat", {"word": "x" * 100_000, "times": 9})
        job = site.submit("Later", "Repeat", {"word": "x" * 1_000, "times": 100})
        site.run_jobs()
        (row,) = site.use_rows.rows.values()
        assert 1_101_000 < row["bytes"] < 1_102_000
        with pytest.raises(ErrorAnswer, match="inputs and outputs is 1 megabytes"):
            site.execute("Now", "Repeat", {"word": "x"})
        assert site.job(job)["jobStatus"] == "esriJobSucceeded"


def test_count_that_fails_does_not_fail_the_job(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise StorageError("the table is away")

    with Site.of_package(package, quotas=Quotas(jobs=9)) as site:
        job = site.submit("Later", "Repeat", {"word": "x"})
        monkeypatch.setattr(site.use_rows, "add", fail)
        site.run_jobs()
        assert site.job(job)["jobStatus"] == "esriJobSucceeded"
        with pytest.raises(ErrorAnswer, match="500: Unable to complete operation"):
            site.submit("Later", "Repeat", {"word": "x"})
