"""Two runs are compared byte by byte, but for their times and the fingerprints of the records they read."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import Planted, reseal
from planting import reword

from analysis.gate.twin import compare


def test_a_run_is_its_own_twin(run: Planted, made: tuple[Path, Path]) -> None:
    """Nothing differs in a copy."""
    assert compare(made[0], run.folder) == []


def test_times_and_fingerprints_of_records_do_not_count(run: Planted, made: tuple[Path, Path]) -> None:
    """Two data sets have two fingerprints, and nothing else of a run may show which it was."""

    def later(record: dict) -> None:
        record["started"], record["seconds"] = "2023-05-02T10:00:00+00:00", 99.0
        next(row for row in record["inputs"] if row["tier"] == "synthetic")["sha256"] = "9" * 64

    run.edit_record(later)
    reseal(run.folder, run.root)
    assert compare(made[0], run.folder) == []


def test_the_fingerprint_of_public_evidence_counts(run: Planted, made: tuple[Path, Path]) -> None:
    """Twins are made from the same public evidence."""
    run.edit_record(lambda record: record["inputs"][0].update(sha256="9" * 64))
    assert [str(one) for one in compare(made[0], run.folder)] == ["run.json: inputs[1].sha256"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("tables/outcomes.csv", b"[c]", b"4"), "line 2, column 3"),
        (("figures/outcomes.png", b"IEND\xaeB`\x82", b"IEND\xaeB`\x82x"), "from byte"),
        (("figures/outcomes.svg", b"axes_1", b"axes_2"), "line "),
        (("disclosure.json", b'"verdict": "released"', b'"verdict": "refused"'), "outputs[2].verdict"),
        (("report.html", b"</main>", b"<p>four</p></main>"), "line "),
    ],
)
def test_what_differs_is_placed(
    change: tuple[str, bytes, bytes], where: str, run: Planted, made: tuple[Path, Path]
) -> None:
    """The file and the place in it are told, and nothing of what stands there."""
    name, old, new = change
    run.edit_file(name, lambda held: held.replace(old, new, 1))
    found = compare(made[0], run.folder)
    assert {one.file for one in found} == {name}
    assert where in found[0].where
    assert "four" not in str(found)


def test_a_sentence_is_placed_in_the_notebook_and_on_the_page(run: Planted, made: tuple[Path, Path]) -> None:
    """A leak by words is in every form that holds them."""
    reword(run, "finding", "outcomes.1", "meaning", lambda _: "Plan for more.")
    found = compare(made[0], run.folder)
    assert {one.file for one in found} == {"notebook.ipynb", "report.html"}
    assert any(one.where.endswith("finding+json.meaning") for one in found)


def test_a_file_that_one_run_has_is_not_named(run: Planted, made: tuple[Path, Path]) -> None:
    """A name that the other run has not may be what leaks."""
    (run.folder / "tables" / "megan.csv").write_text("4")
    assert [str(one) for one in compare(made[0], run.folder)] == [
        "in tables: one run has a file that the other has not"
    ]
