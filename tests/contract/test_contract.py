"""The contract on the emulator, and that the probe finds out how it was set.

Against an account: ``amts doctor --probe``; it runs the same cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest

from amts_tasks.doctor import CASES, Desk, Probe, estimate, prefix, probe, words
from amts_tasks.emulator import Clock, Emulator, Switches

OTHER = Switches(
    validation_code="ValidationException",
    client_error_status="400",
    throttle_status="400",
    request_rates=True,
    busy_code="ConcurrentModificationException",
    forbidden_start="accept",
    import_folder=False,
    nested_output="flat",
    open_prefix="prefix",
    count_languages=False,
    job_name_filter="prefix",
    auto_with_parallel_data=True,
    bill_protected=True,
    delete_seconds=40,
    least_confidence=0.0,
)
SETTINGS = {"default": Switches(), "other": OTHER}


def ticking() -> Clock:
    """A clock that moves a little at each look, so that no two jobs are of the same instant."""
    ticks = iter(range(1_000_000_000))
    return Clock(now=lambda: 1_800_000_000.0 + next(ticks) / 1_000_000)


def desk_of(emulator: Emulator) -> Desk:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="contract")
    return Desk(
        s3=s3,
        translate=emulator.client("translate"),
        bucket="contract",
        prefix=prefix(),
        role="arn:aws:iam::123456789012:role/contract",
        sleep=emulator.clock.advance,
    )


def slowly(desk: Desk) -> None:
    """Where rates are enforced, other calls than the forty lists take their time."""

    def wait(model, **_) -> None:
        if model.name != "ListParallelData":
            desk.sleep(0.2)

    desk.translate.meta.events.register("before-call.translate.*", wait)


@pytest.fixture(scope="module", params=SETTINGS)
def probed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Probe, Desk, Switches]]:
    """What a probe found of an emulator whose clock the probe's waits move, and its desk afterwards."""
    state, switches = tmp_path_factory.mktemp("contract"), SETTINGS[request.param]
    options = {"import_seconds": 60, "job_seconds": 60, "engine": "echo", "clock": ticking(), "switches": switches}
    with Emulator(state, **options) as emulator:
        desk = desk_of(emulator)
        if switches.request_rates:
            slowly(desk)
        yield probe(desk), desk, switches
        desk.s3.close()
        desk.translate.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(probed, case):
    (finding,) = [finding for finding in probed[0].findings if finding.name == case.name]
    assert finding.state == "good", finding.told


def test_the_probe_finds_the_switches(probed):
    result, _, switches = probed
    learnt = result.record["switches"]
    assert set(learnt) >= {"busy_code", "nested_output", "forbidden_start", "client_error_status", "open_prefix"}
    assert {name: getattr(switches, name) for name in learnt} == learnt
    again = asdict(Switches.parse(word.removeprefix("--switch ") for word in words(learnt)))
    assert {name: again[name] for name in learnt} == learnt


def test_the_probe_leaves_nothing(probed):
    result, desk, _ = probed
    assert result.left == []
    assert "Contents" not in desk.s3.list_objects_v2(Bucket=desk.bucket)
    assert desk.translate.list_terminologies()["TerminologyPropertiesList"] == []
    held = desk.translate.list_parallel_data()["ParallelDataPropertiesList"]
    assert [one["Status"] for one in held if one["Status"] != "DELETING"] == []


def test_it_costs_less_than_a_dollar():
    assert 0 < estimate(15.0, 60.0) < 0.25
    assert estimate(30.0, 120.0) == pytest.approx(2 * estimate(15.0, 60.0))
