"""The ledger of releases: sealed, chained, appended to as a whole or not at all, and outside git."""

from __future__ import annotations

import os
import random
import signal
import struct
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from analysis.disclosure.earlier import ledger_file
from analysis.disclosure.earlier.history import Refusal
from analysis.disclosure.ledger import Ledger, Release, default_path
from analysis.disclosure.published import Published
from analysis.disclosure.tables import TOTAL, Dimension, Table
from analysis.errors import DataRefused, DisclosureRefused
from analysis.records.keyfile import KeyFile

SEX = Dimension("sex", ("female", "male"))
TABLE = Table("sex of those referred", "referrals", ("sex",))
KILLS = 25
SLOWER = 1.2
"""A writer that ended nothing gets this much longer next time, one that ended several that much less."""


def told(number: int, *, everyone: int = 120) -> Published:
    """A quarter's table; each number is another quarter."""
    year, quarter = 1990 + number // 4, number % 4
    first, last = (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))[quarter]
    return Published(
        base="referrals",
        area=("norfolk",),
        start=f"{year}-{first}",
        end=f"{year}-{last}",
        threshold=10,
        tables=(replace(TABLE, levels={"sex": (TOTAL, "female")}),),
        dimensions={"sex": SEX},
        cells={(): everyone, (("sex", "female"),): 80},
        data="a" * 64,
    )


def release(number: int, **changes: Any) -> Release:
    return replace(
        Release(
            id=f"2026-{number}",
            when="2026-04-01T09:30:00+00:00",
            who="the information governance officer",
            policy="b" * 64,
            notebooks={"male_survivors": "c" * 64},
            reports={"report.html": "d" * 64},
            published=(told(number),),
            refused=("access: threshold, 2 cells kept back",),
        ),
        **changes,
    )


@pytest.fixture
def key(tmp_path: Path) -> KeyFile:
    """A new key."""
    return KeyFile.open(tmp_path / "key", create=True)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger may be."""
    return tmp_path / "stores" / "releases.ledger"


@pytest.fixture
def ledger(path: Path, key: KeyFile) -> Ledger:
    """A new ledger."""
    return Ledger(path, key)


def test_what_was_released_is_read_back(ledger: Ledger, path: Path, key: KeyFile) -> None:
    """Every field of every release, in order, by whoever holds the key."""
    assert ledger.releases() == ()
    assert ledger.chain() == ()
    links = [ledger.append(release(number)) for number in range(3)]
    again = Ledger(path, key)
    assert again.releases() == tuple(release(number) for number in range(3))
    assert again.published() == tuple(told(number) for number in range(3))
    assert again.chain() == tuple(links)


def test_reading_makes_no_file(ledger: Ledger, path: Path) -> None:
    """An empty ledger is no ledger yet."""
    assert not ledger.published()
    assert not path.exists()


def test_the_file_is_sealed_and_its_owners_alone(ledger: Ledger, path: Path) -> None:
    """Nothing of a release can be read in it."""
    ledger.append(release(1))
    content = path.read_bytes()
    words = (b"norfolk", b"referrals", b"officer", b"2026", b"female", b"sex", b"male_survivors")
    assert not [word for word in words if word in content]
    assert path.stat().st_mode & 0o077 == 0


def test_the_chain_goes_on_and_says_nothing(ledger: Ledger, tmp_path: Path, key: KeyFile) -> None:
    """Digests alone: those before stay as they are, and the same release has another in another ledger."""
    links = [ledger.append(release(number)) for number in range(3)]
    assert len(set(links)) == 3
    assert all(len(link) == 64 and int(link, 16) >= 0 for link in links)
    assert Ledger(tmp_path / "other" / "releases.ledger", key).append(release(0)) not in links


def test_a_published_chain_proves_that_nothing_was_taken_out(ledger: Ledger, path: Path) -> None:
    """An older copy of the whole ledger is known by the chain that was published since."""
    ledger.append(release(0))
    older = path.read_bytes()
    ledger.append(release(1))
    published = ledger.chain()
    ledger.append(release(2))
    ledger.verify(published)
    ledger.verify(())
    path.write_bytes(older)
    assert len(ledger.releases()) == 1
    with pytest.raises(DataRefused, match="does not go on from the chain that was published"):
        ledger.verify(published)
    path.unlink()
    with pytest.raises(DataRefused, match="older copy"):
        ledger.verify(published)


def test_another_key_opens_nothing(ledger: Ledger, path: Path, tmp_path: Path) -> None:
    """Neither to read nor to append."""
    ledger.append(release(0))
    before = path.read_bytes()
    other = Ledger(path, KeyFile.open(tmp_path / "other key", create=True))
    for job in (other.releases, other.chain, lambda: other.append(release(1))):
        with pytest.raises(DataRefused, match="another key"):
            job()
    assert path.read_bytes() == before


def test_no_byte_can_be_changed(ledger: Ledger, path: Path) -> None:
    """Whichever it is, the ledger is refused: it is never read as anything else."""
    for number in range(3):
        ledger.append(release(number))
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(DataRefused):
            ledger.releases()


def test_no_byte_can_be_cut_off_or_added(ledger: Ledger, path: Path) -> None:
    """At whatever length, between entries too."""
    for number in range(3):
        ledger.append(release(number))
    content = path.read_bytes()
    for length in [*range(0, len(content), 11), len(content) - 1]:
        path.write_bytes(content[:length])
        with pytest.raises(DataRefused):
            ledger.releases()
    for more in (b"\0", b"\0" * 8, b"\0" * 100):
        path.write_bytes(content + more)
        with pytest.raises(DataRefused):
            ledger.releases()


def parts(path: Path) -> list[bytes]:
    """The first line of a ledger, its head and its entries, each with its length."""
    first, _, rest = path.read_bytes().partition(b"\n")
    found = [first + b"\n"]
    while rest:
        (length,) = struct.unpack(">Q", rest[:8])
        found.append(rest[: 8 + length])
        rest = rest[8 + length :]
    return found


REARRANGED: dict[str, Callable[[list[bytes], list[bytes]], list[bytes]]] = {
    "two entries exchanged": lambda mine, _: [*mine[:2], mine[3], mine[2], *mine[4:]],
    "the first left out": lambda mine, _: [*mine[:2], *mine[3:]],
    "the last left out": lambda mine, _: mine[:-1],
    "all left out": lambda mine, _: mine[:2],
    "one twice": lambda mine, _: [*mine, mine[-1]],
    "one of another ledger": lambda mine, other: [*mine[:-1], other[4]],
    "one more of another ledger": lambda mine, other: [*mine, other[4]],
    "the head of another ledger": lambda mine, other: [mine[0], other[1], *mine[2:]],
    "the head left out": lambda mine, _: [mine[0], *mine[2:]],
    "an earlier head": lambda mine, other: [mine[0], other[-1], *mine[2:]],
    "the first line alone": lambda mine, _: mine[:1],
    "nothing": lambda _, __: [],
}


@pytest.mark.parametrize("how", REARRANGED)
def test_entries_stay_in_their_place(
    how: str, ledger: Ledger, path: Path, tmp_path: Path, key: KeyFile
) -> None:
    """None can be moved, taken out, repeated or brought in from a ledger of the same key."""
    other = Ledger(tmp_path / "other" / "releases.ledger", key)
    for number in range(3):
        ledger.append(release(number))
        other.append(release(number))
    theirs = parts(tmp_path / "other" / "releases.ledger")
    path.write_bytes(b"".join(REARRANGED[how](parts(path), theirs)))
    with pytest.raises(DataRefused, match=str(path)):
        ledger.releases()
    with pytest.raises(DataRefused, match=r"Release nothing; restore the ledger from its copy\."):
        ledger.append(release(7))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda mine: [*mine[:-1], mine[-1][:-1]], "cut short after entry 1"),
        (lambda mine: [*mine[:2], mine[3], mine[2]], "entry 1 was changed, or is not in its place"),
        (lambda mine: mine[:-1], "it has 1 entries and its head counts 2"),
        (lambda mine: [b"a ledger\n", *mine[1:]], "this is not a ledger"),
    ],
)
def test_what_is_wrong_is_said(spoil: Any, said: str, ledger: Ledger, path: Path) -> None:
    """A cut, a move, a loss and another file are told apart."""
    for number in range(2):
        ledger.append(release(number))
    found = parts(path)
    path.write_bytes(b"".join(spoil(found)))
    with pytest.raises(DataRefused) as refused:
        ledger.releases()
    assert said in str(refused.value)


def test_the_same_release_is_put_in_once(ledger: Ledger, path: Path) -> None:
    """A second time, later, writes nothing; another under its id is refused."""
    link = ledger.append(release(1))
    content = path.read_bytes()
    assert ledger.append(release(1, when="2026-04-02T09:30:00+00:00")) == link
    assert path.read_bytes() == content
    with pytest.raises(DataRefused, match="another release has this id"):
        ledger.append(release(1, published=(told(2),)))


def test_what_tells_too_much_is_refused_and_nothing_written(ledger: Ledger, path: Path) -> None:
    """Three records more for the same quarter: refused with its rule, and without a count."""
    ledger.append(release(1))
    content = path.read_bytes()
    again = release(2, published=(told(1, everyone=123),))
    (refusal,) = ledger.check(again)
    assert refusal.rule == "late records"
    with pytest.raises(DisclosureRefused, match="late records: referrals, everyone") as refused:
        ledger.append(again)
    assert "123" not in str(refused.value)
    assert path.read_bytes() == content


def test_a_refusal_can_be_put_on_record(ledger: Ledger) -> None:
    """It is in the chain, is no release, tells nothing to later ones, and leaves its id free."""
    found = [Refusal("late records", "referrals", (), ("e" * 64,), "The difference is known.")]
    ledger.record_refusal(release(1), found)
    (kept,) = ledger.refused()
    assert kept.published == ()
    assert kept.refused[-1] == "late records: referrals, everyone. The difference is known."
    assert (ledger.releases(), ledger.published(), len(ledger.chain())) == ((), (), 1)
    ledger.append(release(1, published=(told(1, everyone=123),)))
    assert len(ledger.releases()) == 1


@pytest.mark.parametrize(
    "wrong", [{"id": " "}, {"who": ""}, {"when": "yesterday"}, {"when": "2026-04-01T09:30:00"}]
)
def test_a_release_says_who_and_when(wrong: dict[str, str]) -> None:
    """An id, somebody who answers for it, and a time that is one everywhere."""
    with pytest.raises(DataRefused, match="release"):
        release(1, **wrong)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A git checkout that ignores one folder, and one file by name."""
    root = tmp_path / "checkout"
    root.mkdir()
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".gitignore").write_text("data/processed/\n*only.ledger\n", encoding="utf-8")
    return root


def test_a_ledger_in_git_is_refused(checkout: Path, key: KeyFile) -> None:
    """Unless the folder is ignored: its name alone is not enough, since it is written beside itself."""
    for where in ("releases.ledger", "data/releases.ledger", "data/only.ledger"):
        with pytest.raises(DataRefused, match="git checkout that would track it"):
            Ledger(checkout / where, key)
    Ledger(checkout / "data" / "processed" / "releases.ledger", key).append(release(1))
    assert (checkout / "data" / "processed" / "releases.ledger").is_file()


def test_a_link_into_git_is_no_way_round(checkout: Path, tmp_path: Path, key: KeyFile) -> None:
    """The file is where it is, not where it is called."""
    (tmp_path / "elsewhere").symlink_to(checkout)
    with pytest.raises(DataRefused, match="git checkout"):
        Ledger(tmp_path / "elsewhere" / "releases.ledger", key)


def test_without_git_a_checkout_is_refused(
    checkout: Path, key: KeyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If nobody can say whether it is ignored, it is not."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(DataRefused, match="git checkout"):
        Ledger(checkout / "data" / "processed" / "releases.ledger", key)


def test_the_ledger_lies_beside_the_stores(tmp_path: Path, key: KeyFile) -> None:
    """By default where git ignores it, one for all authorities."""
    assert default_path().parts[-3:] == ("data", "processed", "releases.ledger")
    assert default_path(tmp_path) == tmp_path / "releases.ledger"
    Ledger(default_path(), key)


def in_child(job: Callable[[], None]) -> int:
    """Do a job in a process of its own, and return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            job()
        except BaseException:  # noqa: BLE001  a child of a test must not become a second test session
            os._exit(70)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


STEPS = ("mkstemp", "fdopen", "fsync", "replace", "sync_folder")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_writer_killed_at_any_step_leaves_old_or_new(
    step: str, when: str, ledger: Ledger, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old until the file is renamed, new from then on; the next writer goes on and clears what was left."""
    ledger.append(release(0))

    def stop(function: Callable[..., Any]) -> Callable[..., Any]:
        def stopped(*args: Any, **options: Any) -> Any:
            if when == "before":
                os._exit(9)
            function(*args, **options)
            os._exit(9)

        return stopped

    def job() -> None:
        home: Any = {
            "mkstemp": ledger_file.tempfile,
            "fdopen": os,
            "fsync": os,
            "replace": Path,
            "sync_folder": ledger_file,
        }[step]
        monkeypatch.setattr(home, step, stop(getattr(home, step)))
        ledger.append(release(1))

    assert in_child(job) == 9
    renamed = step == "sync_folder" or (step, when) == ("replace", "after")
    assert [one.id for one in ledger.releases()] == ["2026-0", "2026-1"][: 1 + renamed]
    ledger.append(release(1))
    ledger.append(release(2))
    assert [one.id for one in ledger.releases()] == ["2026-0", "2026-1", "2026-2"]
    assert sorted(one.name for one in path.parent.iterdir()) == ["releases.ledger", "releases.ledger.lock"]


def test_a_writer_killed_at_random_instants_never_tears_the_ledger(ledger: Ledger, path: Path) -> None:
    """What was read before is there after, in a chain that holds, and the next writer goes on."""
    chance, kept, midway, kills = random.Random(20260401), 0, 0, 0  # noqa: S311  # instants, not secrets

    def write(start: int) -> None:
        for number in range(start, 400):
            ledger.append(release(number))

    began = time.monotonic()
    ledger.append(release(0))
    seconds = time.monotonic() - began
    while kills < KILLS or midway <= KILLS / 10 or kept <= KILLS / 10:
        kills += 1
        assert kills <= 8 * KILLS, "hardly any writer was killed while it wrote: the instants prove nothing"
        before = ledger.chain()
        child = os.fork()
        if child == 0:
            try:
                write(len(before))
            finally:
                os._exit(70)
        time.sleep(chance.uniform(0, 4 * seconds))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        after = ledger.chain()
        seconds *= 1 / SLOWER if len(after) > len(before) + 2 else SLOWER if len(after) == len(before) else 1
        assert after[: len(before)] == before
        assert [one.id for one in ledger.releases()] == [f"2026-{number}" for number in range(len(after))]
        kept += len(after) - len(before)
        midway += bool(list(path.parent.glob(".releases.ledger-*")))
    assert ledger.append(release(len(ledger.chain()))) == ledger.chain()[-1]


def test_writers_take_turns(ledger: Ledger) -> None:
    """Four at once: every release is in, and the chain holds."""
    children = []
    for writer in range(4):
        child = os.fork()
        if child == 0:
            try:
                for number in range(5):
                    ledger.append(release(10 * writer + number))
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    wanted = {f"2026-{10 * writer + number}" for writer in range(4) for number in range(5)}
    assert {one.id for one in ledger.releases()} == wanted
    assert len(ledger.chain()) == len(wanted)


def test_of_two_that_tell_together_one_gets_in(ledger: Ledger) -> None:
    """Checked at the same time, before either is in, they are still not both released."""
    rivals = (release(1), release(2, published=(told(1, everyone=123),)))
    for one in rivals:
        assert not ledger.check(one)
    children = []
    for one in rivals:
        child = os.fork()
        if child == 0:
            try:
                ledger.append(one)
            except DisclosureRefused:
                os._exit(5)
            os._exit(0)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(codes) == [0, 5]
    assert len(ledger.releases()) == 1
