"""Runs with records: checked before a kernel starts, recorded by tier, never taken for runs without."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis import cli
from analysis.errors import DataRefused
from analysis.layout import RECORDS_VARIABLE
from analysis.record import RUN_FILE
from analysis.records.keyfile import KEY_VARIABLE, KeyFile
from analysis.records.manifest import MANIFEST, Generation
from analysis.records.rules.completion import complete
from analysis.records.store import Store
from analysis.records.supplied import supply

PERSON = "c0ffee" * 5
READ = """\
from analysis.records.manifest import Generation
store = os.environ.get("DEEPDIVE_RECORDS", "")
def finish():
    data = root / "data/published/figures.csv"
    read = {"data/published/figures.csv": hashlib.sha256(data.read_bytes()).hexdigest()}
    if store:
        read["records/norfolk"] = Generation.current(pathlib.Path(store)).digest
    write("inputs.json", json.dumps(read))
say()
"""


def referrals(provider: str = "north") -> pd.DataFrame:
    """One referral of April 2022, completed."""
    given = {"provider": provider, "area": "norfolk", "person": PERSON, "case": PERSON, "outcome": "accepted"}
    frame = pd.DataFrame([{**given, "month": "2022-04-01", "referred_on": "2022-04-02"}])
    return complete({"referrals": frame})["referrals"]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    """A new key, made while the checkout is the real one."""
    return KeyFile.open(tmp_path_factory.mktemp("key") / "key", create=True)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, key: KeyFile) -> Path:
    """A store of Norfolk, of one month."""
    folder = tmp_path_factory.mktemp("kept") / "norfolk"
    Store(folder, key).write({"referrals": referrals()}, {})
    return folder


@pytest.fixture
def store(
    tmp_path_factory: pytest.TempPathFactory, kept: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of it that a test may change, with the key where it is looked for."""
    monkeypatch.setenv(KEY_VARIABLE, str(key.path))
    return Path(shutil.copytree(kept, tmp_path_factory.mktemp("stores") / "norfolk"))


def only(outcomes):
    """Return the one outcome, which succeeded."""
    (outcome,) = outcomes
    assert outcome.failure is None, outcome.failure
    return outcome


def why(checkout, **rest) -> tuple[str, str]:
    """Return what would be done for the one run, and why."""
    (run,) = checkout.plan("tiny", **rest)
    return run.action, run.why


def test_the_store_reaches_the_kernel_and_the_record_and_nothing_else(checkout, store, key):
    """Its tier, area and fingerprint are recorded; no file of the report names its folder or the key's."""
    checkout.notebook("tiny", READ)
    record = only(checkout.run("tiny", records=supply(store))).record
    assert {
        "path": "records/norfolk",
        "sha256": Generation.current(store).digest,
        "tier": "records",
    } in record["inputs"]
    assert record["tiers"] == ["published", "records"]
    assert set(record["parameters"]["typed"]) == {"area", "period", "confidence", "scope"}
    for content in checkout.files(checkout.folder("tiny")).values():
        for told in (store, key.path, store.parent):
            assert str(told).encode() not in content


def test_a_run_with_records_and_one_without_are_never_taken_for_one_another(checkout, store, key):
    """Same folder, other reason; the same store again is up to date, and a new one is not."""
    checkout.notebook("tiny", READ)
    only(checkout.run("tiny"))
    assert why(checkout) == ("skip", "")
    assert why(checkout, records=supply(store)) == ("run", "made without records")
    only(checkout.run("tiny", records=supply(store)))
    assert why(checkout, records=supply(store)) == ("skip", "")
    assert why(checkout) == ("run", "made with records")
    Store(store, key).write({"referrals": referrals()}, {})
    assert why(checkout, records=supply(store)) == ("run", "records changed")
    without = only(checkout.run("tiny")).record
    assert [one["path"] for one in without["inputs"]] == ["data/published/figures.csv"]
    assert why(checkout) == ("skip", "")


def test_a_run_without_records_is_the_same_to_the_byte_whether_or_not_one_with_them_came_between(
    checkout, store
):
    """Nothing of the store is left behind."""
    checkout.notebook("tiny", READ)
    only(checkout.run("tiny"))
    before = checkout.files(checkout.folder("tiny"))
    only(checkout.run("tiny", records=supply(store)))
    only(checkout.run("tiny"))
    after = checkout.files(checkout.folder("tiny"))
    before.pop(RUN_FILE), after.pop(RUN_FILE)
    assert before == after


def test_a_variable_left_in_the_shell_gives_no_run_records(checkout, store, monkeypatch):
    """Only ``--records`` does."""
    monkeypatch.setenv(RECORDS_VARIABLE, str(store))
    checkout.notebook("tiny", READ)
    assert only(checkout.run("tiny")).record["tiers"] == ["published"]


def test_a_run_that_was_given_records_and_did_not_read_them_fails(checkout, store):
    """It would pass for one that did."""
    checkout.notebook("tiny")
    (outcome,) = checkout.run("tiny", records=supply(store))
    assert outcome.record is None
    assert "was given records and did not read them" in outcome.failure["message"]
    assert str(store) not in json.dumps(outcome.failure)


def test_a_folder_of_stores_serves_each_area_its_own(checkout, store):
    """An area without a store is refused by name."""
    checkout.notebook("tiny", READ)
    (run,) = checkout.plan("tiny", records=supply(store.parent))
    assert run.records == str(store.resolve())
    with pytest.raises(DataRefused, match="there is no store of rutland"):
        checkout.plan("tiny", areas=["rutland"], periods=["2022-23"], records=supply(store.parent))


# The command line --------------------------------------------------------------------------------------


def deepdive(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "analysis", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def lose_manifest(store: Path) -> None:
    (Generation.current(store).folder / MANIFEST).unlink()


def cut_table(store: Path) -> None:
    path = Generation.current(store).folder / "referrals.parquet"
    path.write_bytes(path.read_bytes()[:-9])


def garble_pointer(store: Path) -> None:
    (store / "CURRENT").write_text("x\n")


BROKEN = {
    "no manifest": (lose_manifest, "manifest.sealed is missing or damaged"),
    "cut table": (cut_table, "referrals.parquet is missing or damaged"),
    "garbled pointer": (garble_pointer, "CURRENT is missing or damaged"),
    "no store": (shutil.rmtree, "there is no store of norfolk"),
}


@pytest.mark.parametrize("verb", ["run", "plan"])
@pytest.mark.parametrize(("harm", "words"), BROKEN.values(), ids=BROKEN)
def test_a_torn_store_exits_3_before_anything_starts(store, tmp_path, verb, harm, words):
    """One line with the cure; not even the reports folder is made."""
    harm(store)
    out = tmp_path / "out"
    done = deepdive(verb, "male_survivors", "--area", "norfolk", "--records", store, "--out", out)
    assert (done.returncode, done.stdout) == (3, "")
    (line,) = done.stderr.strip().splitlines()
    assert words in line
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--area", "rutland", "--period", "2022-23"], "the store holds records of norfolk, not of rutland"),
        ([], "Give --area norfolk, or the store of leicestershire"),
        (
            ["--area", "norfolk", "--period", "2023-24"],
            "are of April 2022 to April 2022, and none is of norfolk 2023-24",
        ),
    ],
)
def test_another_area_and_a_period_outside_exit_3(store, tmp_path, arguments, words):
    """Before anything starts, with what the store is of."""
    for verb in ("run", "plan"):
        done = deepdive(verb, "male_survivors", *arguments, "--records", store, "--out", tmp_path / "out")
        assert done.returncode == 3
        assert words in done.stderr
        assert not (tmp_path / "out").exists()


def test_another_key_exits_3_and_no_key_only_stops_a_run(store, tmp_path, monkeypatch):
    """A plan can be made where the key is not; a run cannot."""
    asked = ["male_survivors", "--area", "norfolk", "--records", store, "--out", tmp_path / "out"]
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "none"))
    planned = deepdive("plan", *asked)
    assert planned.returncode == 0
    assert "never run" in planned.stdout
    done = deepdive("run", *asked)
    assert (done.returncode, "there is no key file" in done.stderr) == (3, True)
    KeyFile.open(tmp_path / "none", create=True)
    for verb in ("run", "plan"):
        done = deepdive(verb, *asked)
        assert (done.returncode, "written with another key" in done.stderr) == (3, True)
    assert not (tmp_path / "out").exists()


def test_a_key_that_is_named_opens_the_store_whatever_the_variable_says(store, key, tmp_path, monkeypatch):
    """Planned and run with it; with another, or with no records to open, one line says what is wrong."""
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "none"))
    other = KeyFile.open(tmp_path / "other", create=True)
    asked = ["male_survivors", "--area", "norfolk", "--out", tmp_path / "out"]
    beyond = ["--period", "2023-24", "--records", store]
    for verb in ("run", "plan"):
        done = deepdive(verb, *asked, *beyond, "--key-file", key.path)
        assert (done.returncode, "and none is of norfolk 2023-24" in done.stderr) == (3, True)
        done = deepdive(verb, *asked, "--records", store, "--key-file", other.path)
        assert (done.returncode, "written with another key" in done.stderr) == (3, True)
        done = deepdive(verb, *asked, "--key-file", key.path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Name them with --records" in done.stderr
    assert not (tmp_path / "out").exists()


def test_the_kernel_finds_the_key_that_was_named(checkout, store, key, tmp_path, monkeypatch):
    """It looks where the variable says, so what the command names stands there."""
    monkeypatch.setenv(KEY_VARIABLE, str(tmp_path / "none"))
    cli._use(key.path, store)
    checkout.notebook("tiny", f"from analysis.records.keyfile import KeyFile\nKeyFile.open()\n{READ}")
    only(checkout.run("tiny", records=supply(store)))
