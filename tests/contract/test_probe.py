"""What a probe does when the service does not keep the contract, and the command around it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amts_tasks import cli
from amts_tasks.doctor import CASES, Desk, failed, prefix, probe
from amts_tasks.emulator import Clock, Emulator

CONFIG = Path(__file__).parents[2] / "config" / "amts.yaml"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "translate.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def test_a_fault_is_told_and_still_cleared_away(tmp_path):
    faults = [
        {"fault": "job_failed", "operation": "StartTextTranslationJob", "rate": 1.0},
        {
            "fault": "error",
            "operation": "DeleteTerminology",
            "code": "AccessDeniedException",
            "status": 400,
            "times": 2,
        },
    ]
    clock = Clock(now=lambda: 1_800_000_000.0)
    options = {"import_seconds": 60, "job_seconds": 60, "engine": "echo", "clock": clock, "faults": faults}
    with Emulator(tmp_path, **options) as emulator:
        s3, translate = emulator.client("s3"), emulator.client("translate")
        s3.create_bucket(Bucket="contract")
        role = "arn:aws:iam::123456789012:role/contract"
        desk = Desk(s3, translate, "contract", prefix(), role, emulator.clock.advance)
        result = probe(desk, [case for case in CASES if case.name in {"terminology", "import", "job"}])
        states = {finding.name: finding for finding in result.findings}
        assert failed(result.findings)
        assert "FAILED" in states["job"].told
        assert "COMPLETED" in states["job"].told
        assert states["terminology"].state == "unsure"
        assert result.left == [f"terminology {desk.name}-words: AccessDeniedException"]
        assert "Contents" not in s3.list_objects_v2(Bucket="contract")
        s3.close()
        translate.close()


@pytest.fixture
def amts(tmp_path, monkeypatch, capsys):
    """The command on the example's configuration and an emulator, without waits."""
    monkeypatch.setattr("amts_tasks.cli.doctor.time.sleep", lambda seconds: None)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with Emulator(tmp_path / "state", engine="echo") as emulator:

        def run(*words: str) -> tuple[int, str, str]:
            status = cli.main(["--config", str(CONFIG), "--endpoint", emulator.url, *words])
            said = capsys.readouterr()
            return status, said.out, said.err

        yield run, emulator


def test_doctor(amts):
    run, emulator = amts
    status, out, _ = run("doctor")
    assert status == 1
    assert "amts-example does not exist" in out
    assert "make it: amts setup" in out
    assert "objects" not in out
    assert "NoSuchEntity" in out
    with_clients = emulator.client("s3"), emulator.client("iam")
    with_clients[0].create_bucket(Bucket="amts-example")
    with_clients[1].create_role(RoleName="amts-translate", AssumeRolePolicyDocument=json.dumps(TRUST))
    status, out, _ = run("--json", "doctor")
    found = {one["name"]: one["state"] for one in json.loads(out)["findings"]}
    assert status == 0
    assert found == {
        "configuration": "good", "credentials": "good", "bucket": "good", "versions": "unsure", "objects": "good",
        "role": "good", "service": "good", "languages": "good",
    }  # fmt: skip
    assert {call["operation"] for call in emulator.calls()} == {
        "ListParallelData", "ListTextTranslationJobs", "ListLanguages"
    }  # fmt: skip
    for client in with_clients:
        client.close()


def test_the_probe_asks_first_and_records(amts, tmp_path):
    run, emulator = amts
    assert run("doctor", "--probe", "--yes")[0] == 2  # not while something is at fault
    s3, iam = emulator.client("s3"), emulator.client("iam")
    s3.create_bucket(Bucket="amts-example")
    iam.create_role(RoleName="amts-translate", AssumeRolePolicyDocument=json.dumps(TRUST))
    status, _, err = run("doctor", "--probe")
    assert status == 2
    assert "USD" in err
    assert "--yes" in err
    record = tmp_path / "probe.json"
    status, out, err = run("doctor", "--probe", "--yes", "--record", str(record))
    assert status == 0, out
    assert "--switch nested_output=keep" in out
    kept = json.loads(record.read_text())
    assert kept["switches"]["client_error_status"] == "model"
    assert kept["left"] == []
    s3.close()
    iam.close()
