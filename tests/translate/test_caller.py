"""What is asked of the service before anything is started, checked by botocore's Stubber against its model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import ANY, Stubber

from amts_tasks.errors import ImportFailed, JobFailed, ServiceError
from amts_tasks.translate import caller, requests
from amts_tasks.translate.caller import JobStarted, Started
from amts_tasks.translate.waiting import wait

DIGEST, OTHER = "ab" * 32, "cd" * 32
NAME = "amts-d2l-en-zh"
CREATE = requests.create_parallel_data(NAME, "s3://books/x.csv", DIGEST)
ROLE = "arn:aws:iam::123456789012:role/amts"
START = requests.start_text_translation_job("job-0", "s3://books/in/", "s3://books/out/", ROLE, "en", "zh")


class Service:
    """A Translate client that answers what a test tells it to, and remembers how long it was told to sleep."""

    def __init__(self) -> None:
        self.client = boto3.client(
            "translate",
            region_name="us-east-1",
            endpoint_url="http://127.0.0.1:9",
            aws_access_key_id="x",
            aws_secret_access_key="x",
            config=Config(retries={"total_max_attempts": 1}),
        )
        self.stub = Stubber(self.client)
        self.slept: list[float] = []

    def answers(self, operation: str, expected: dict[str, Any] | None = None, /, **response: Any) -> None:
        self.stub.add_response(operation, response, expected)

    def refuses(self, operation: str, code: str, message: str = "no") -> None:
        self.stub.add_client_error(operation, code, message)

    def has(self, status: str, digest: str = DIGEST, update: str | None = None, message: str | None = None) -> None:
        properties: dict[str, Any] = {"Name": NAME, "Status": status, "Description": requests.describe("", digest)}
        properties |= {"LatestUpdateAttemptStatus": update} if update else {}
        properties |= {"Message": message} if message else {}
        self.answers("get_parallel_data", {"Name": NAME}, ParallelDataProperties=properties)

    def has_jobs(self, name: str, *jobs: tuple[str, str, int], more: str | None = None) -> None:
        listed = [
            {"JobId": job, "JobName": name, "JobStatus": status, "SubmittedTime": datetime(2026, 1, day, tzinfo=UTC)}
            for job, status, day in jobs
        ]
        response: dict[str, Any] = {"TextTranslationJobPropertiesList": listed}
        self.answers("list_text_translation_jobs", {"Filter": {"JobName": name}}, **response)

    def job_is(self, status: str, message: str = "") -> None:
        properties = {"JobId": "j", "JobStatus": status, "Message": message}
        self.answers("describe_text_translation_job", {"JobId": "j"}, TextTranslationJobProperties=properties)

    def loses_the_answer_of(self, operation: str) -> None:
        """The next call of it is refused as if the connection broke after the request was sent."""
        from botocore.exceptions import ReadTimeoutError

        real: Callable[..., Any] = getattr(self.client, operation)

        def lost(**arguments: Any) -> Any:
            setattr(self.client, operation, real)
            raise ReadTimeoutError(endpoint_url="http://127.0.0.1:9")

        setattr(self.client, operation, lost)

    def ensure(self, attempts: int = 4) -> Started:
        return caller.ensure_parallel_data(self.client, CREATE, sleep=self.slept.append, attempts=attempts)

    def start(self) -> JobStarted:
        return caller.find_or_start_job(self.client, START, sleep=self.slept.append)

    def wait(self, waiter: str, attempts: int = 10) -> None:
        arguments = {"JobId": "j"} if waiter == "text_translation_job_done" else {"Name": NAME}
        wait(self.client, waiter, arguments, delay=1, timeout=attempts - 1, sleep=self.slept.append)


@pytest.fixture
def service() -> Iterator[Service]:
    service = Service()
    with service.stub:
        yield service
    service.stub.assert_no_pending_responses()


def test_new_content_is_created(service: Service) -> None:
    service.refuses("get_parallel_data", "ResourceNotFoundException")
    service.answers("create_parallel_data", CREATE, Name=NAME, Status="CREATING")
    assert service.ensure() == Started("create", NAME)
    assert Started("create", NAME).waiter == "parallel_data_active"


def test_the_same_content_is_not_imported_again(service: Service) -> None:
    service.has("ACTIVE")
    assert service.ensure() == Started("none", NAME)
    assert Started("none", NAME).waiter is None


@pytest.mark.parametrize(
    ("status", "digest", "update"),
    [("ACTIVE", OTHER, None), ("FAILED", DIGEST, None), ("ACTIVE", DIGEST, "FAILED"), ("ACTIVE", OTHER, "ACTIVE")],
)
def test_other_or_failed_content_is_updated(service: Service, status: str, digest: str, update: str | None) -> None:
    service.has(status, digest, update)
    expected = {**requests.update_parallel_data(CREATE), "ClientToken": ANY}
    service.answers("update_parallel_data", expected, Name=NAME, Status="ACTIVE", LatestUpdateAttemptStatus="UPDATING")
    assert service.ensure() == Started("update", NAME)
    assert Started("update", NAME).waiter == "parallel_data_updated"


def test_a_first_import_of_the_same_content_is_found(service: Service) -> None:
    service.has("CREATING")
    assert service.ensure() == Started("create", NAME)


@pytest.mark.parametrize("digest", [DIGEST, OTHER])
def test_a_running_update_is_waited_for_and_looked_at(service: Service, digest: str) -> None:
    service.has("ACTIVE", digest, "UPDATING")
    service.has("ACTIVE", DIGEST, "ACTIVE")
    assert service.ensure() == Started("none", NAME)
    assert service.slept == [30.0]
    service.has("ACTIVE", digest, "UPDATING")
    other = caller.ensure_parallel_data(service.client, CREATE, sleep=service.slept.append, patient=False)
    assert (other, other.waiter) == (Started("other", NAME), "parallel_data_updated")
    assert service.slept == [30.0]


@pytest.mark.parametrize("code", ["ConcurrentModificationException", "ConflictException", "LimitExceededException"])
def test_another_import_is_waited_for(service: Service, code: str) -> None:
    service.refuses("get_parallel_data", "ResourceNotFoundException")
    service.refuses("create_parallel_data", code)
    if code == "LimitExceededException":
        busy = [{"Name": "somebody-elses", "Status": "CREATING"}]
        service.answers("list_parallel_data", {}, ParallelDataPropertiesList=busy)
    service.refuses("get_parallel_data", "ResourceNotFoundException")
    service.answers("create_parallel_data", CREATE, Name=NAME, Status="CREATING")
    assert service.ensure() == Started("create", NAME)
    assert service.slept == [30.0]


def test_a_full_account_is_not_waited_for(service: Service) -> None:
    service.refuses("get_parallel_data", "ResourceNotFoundException")
    service.refuses("create_parallel_data", "LimitExceededException", "too many resources")
    service.answers("list_parallel_data", {}, ParallelDataPropertiesList=[{"Name": "old", "Status": "ACTIVE"}])
    with pytest.raises(ServiceError, match=r"too many resources.*delete parallel data and terminologies"):
        service.ensure()
    assert service.slept == []


def test_other_content_waits_for_the_import_that_is_running(service: Service) -> None:
    service.has("ACTIVE", OTHER, "UPDATING")
    service.has("DELETING", OTHER)
    service.refuses("get_parallel_data", "ResourceNotFoundException")
    service.answers("create_parallel_data", CREATE, Name=NAME, Status="CREATING")
    assert service.ensure() == Started("create", NAME)
    assert service.slept == [30.0, 30.0]


def test_waiting_for_another_import_ends(service: Service) -> None:
    for _ in range(3):
        service.has("ACTIVE", OTHER, "UPDATING")
    with pytest.raises(ServiceError, match=r"amts-d2l-en-zh.*another import of it is running.*tried 3 times"):
        service.ensure(attempts=3)


def test_a_lost_answer_of_create_is_found(service: Service) -> None:
    service.refuses("get_parallel_data", "ResourceNotFoundException")
    service.loses_the_answer_of("create_parallel_data")
    service.has("CREATING")
    assert service.ensure() == Started("create", NAME)


def test_a_terminology_is_imported_once(service: Service) -> None:
    request = requests.import_terminology("terms", b"en,zh\nbatch,x\n")
    service.refuses("get_terminology", "ResourceNotFoundException")
    service.answers("import_terminology", request)
    assert caller.ensure_terminology(service.client, request)
    found = {"Name": "terms", "Description": request["Description"]}
    service.answers("get_terminology", {"Name": "terms"}, TerminologyProperties=found)
    assert not caller.ensure_terminology(service.client, request)


def test_a_job_is_started_under_its_own_token(service: Service) -> None:
    service.has_jobs("job-0")
    service.answers("start_text_translation_job", START, JobId="j", JobStatus="SUBMITTED")
    assert service.start() == JobStarted("j", adopted=False, attempt=0)


@pytest.mark.parametrize("status", ["SUBMITTED", "IN_PROGRESS", "COMPLETED", "COMPLETED_WITH_ERROR", "STOP_REQUESTED"])
def test_a_job_of_that_name_is_adopted(service: Service, status: str) -> None:
    service.has_jobs("job-0", ("old", "FAILED", 1), ("j", status, 2))
    assert service.start() == JobStarted("j", adopted=True, attempt=0)


def test_an_ended_job_goes_before_a_running_one(service: Service) -> None:
    service.has_jobs("job-0", ("done", "COMPLETED", 1), ("running", "IN_PROGRESS", 2))
    assert service.start().job_id == "done"


def test_failed_and_stopped_jobs_are_counted(service: Service) -> None:
    service.has_jobs("job-0", ("a", "FAILED", 1))
    service.has_jobs("job-1", ("b", "STOPPED", 2))
    service.has_jobs("job-2")
    service.answers("start_text_translation_job", requests.renamed(START, "job-2"), JobId="j", JobStatus="SUBMITTED")
    assert service.start() == JobStarted("j", adopted=False, attempt=2)


def test_a_job_that_only_begins_like_it_is_another(service: Service) -> None:
    other = [{"JobId": "x", "JobName": "job-00", "JobStatus": "COMPLETED"}]
    service.answers("list_text_translation_jobs", TextTranslationJobPropertiesList=other, NextToken="more")
    expected = {"Filter": {"JobName": "job-0"}, "NextToken": "more"}
    service.answers("list_text_translation_jobs", expected, TextTranslationJobPropertiesList=[])
    service.answers("start_text_translation_job", START, JobId="j", JobStatus="SUBMITTED")
    assert service.start().job_id == "j"


def test_a_lost_answer_of_start_finds_the_job(service: Service) -> None:
    service.has_jobs("job-0")
    service.loses_the_answer_of("start_text_translation_job")
    service.has_jobs("job-0", ("j", "SUBMITTED", 1))
    assert service.start() == JobStarted("j", adopted=True, attempt=0)


def test_a_job_not_yet_listed_is_asked_for_with_the_same_token(service: Service) -> None:
    service.has_jobs("job-0")
    service.loses_the_answer_of("start_text_translation_job")
    service.has_jobs("job-0")
    service.answers("start_text_translation_job", START, JobId="j", JobStatus="SUBMITTED")
    assert service.start().job_id == "j"


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "InvalidRequestException"])
def test_a_job_that_is_over_need_not_be_stopped(service: Service, code: str) -> None:
    service.refuses("stop_text_translation_job", code)
    caller.stop_job(service.client, "j")


@pytest.mark.parametrize("end", ["COMPLETED", "COMPLETED_WITH_ERROR"])
def test_a_wait_ends_well(service: Service, end: str) -> None:
    for status in ("SUBMITTED", "IN_PROGRESS", "STOP_REQUESTED", end):
        service.job_is(status)
    service.wait("text_translation_job_done")
    assert service.slept == [1, 1, 1]


def test_a_wait_ends_badly_with_the_services_reason(service: Service) -> None:
    service.job_is("FAILED", "the role cannot be assumed")
    with pytest.raises(JobFailed, match=r"job j ended FAILED .*: the role cannot be assumed"):
        service.wait("text_translation_job_done")


def test_an_update_is_not_taken_for_done_while_the_old_content_is_active(service: Service) -> None:
    service.has("ACTIVE", update="UPDATING")
    service.has("ACTIVE", update="FAILED", message="record 7 is too long")
    with pytest.raises(ImportFailed, match=r"amts-d2l-en-zh ended FAILED .*: record 7 is too long"):
        service.wait("parallel_data_updated")


def test_a_deletion_ends_when_nothing_is_found(service: Service) -> None:
    service.has("DELETING")
    service.refuses("get_parallel_data", "ResourceNotFoundException")
    service.wait("parallel_data_deleted")


def test_throttling_does_not_make_a_wait_endless(service: Service) -> None:
    for _ in range(3):
        service.refuses("describe_text_translation_job", "TooManyRequestsException")
    with pytest.raises(
        ServiceError, match="job j: still TooManyRequestsException after 3 questions 1 s apart; run again"
    ):
        service.wait("text_translation_job_done", attempts=3)


def test_a_refused_question_ends_a_wait(service: Service) -> None:
    service.refuses("describe_text_translation_job", "AccessDeniedException", "not allowed")
    with pytest.raises(ServiceError, match="AccessDeniedException: not allowed; allow this call"):
        service.wait("text_translation_job_done")


def test_an_unreachable_endpoint_is_named_with_what_to_do() -> None:
    with pytest.raises(ServiceError) as raised:
        caller.find_or_start_job(Service().client, START)
    message = str(raised.value)
    assert "job job-0 at http://127.0.0.1:9" in message
    assert "amts emulator" in message
    assert "AWS_ENDPOINT_URL_TRANSLATE" in message


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("UnsupportedLanguagePairException", "service_code"),
        ("NotAuthorizedException", "region"),
        ("ThrottlingException", "fewer pairs"),
        ("SomethingNewException", "service's message"),
    ],
)
def test_refusals_say_what_to_do(service: Service, code: str, advice: str) -> None:
    service.refuses("translate_text", code, "because")
    with pytest.raises(
        ServiceError, match=f"translating a text at .*: the service answered {code}: because; .*{advice}"
    ):
        caller.translate_text(service.client, requests.translate_text("Hi", "en", "zh"))


def test_missing_credentials_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import NoCredentialsError

    from amts_tasks.translate.advice import explain

    assert "Airflow connection" in explain(NoCredentialsError(), "http://x", "starting")
