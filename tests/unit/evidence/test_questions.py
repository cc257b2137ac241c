"""The questions: all there, each covered once, and errors that say which row to mend."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analysis.errors import DataRefused
from analysis.evidence import questions
from analysis.layout import Layout

LAYOUT = Layout.find()
PROVENANCE = ["source_id", "tier", "figure_ids", "footnote"]


@pytest.fixture
def copy(tmp_path: Path) -> Layout:
    """A checkout with questions of its own, to break."""
    for folder in ("codes", "questions", "published"):
        shutil.copytree(LAYOUT.data / folder, tmp_path / "data" / folder)
    return Layout(tmp_path)


def edit(layout: Layout, name: str, old: str, new: str) -> None:
    """Replace one piece of a table of questions, which must be there."""
    path = layout.data / "questions" / f"{name}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_all_questions_and_fields_are_there() -> None:
    """198 questions under their letters, 61 fields, seven groups."""
    asked = questions.load()
    letters = asked.questions["ref"].str[0].value_counts().to_dict()
    assert letters == {"M": 30, "P": 41, "H": 29, "N": 51, "E": 30, "B": 8, "D": 9}
    assert len(asked.fields) == 61
    assert len(asked.group_notes) == 7


def test_references_of_a_group_run_without_a_gap() -> None:
    """No question was lost between the first and the last of its letter."""
    refs = questions.load().questions["ref"]
    for letter, of_letter in refs.groupby(refs.str[0]):
        assert of_letter.tolist() == [f"{letter}{n}" for n in range(1, len(of_letter) + 1)]


def test_each_question_is_covered_exactly_once_in_order() -> None:
    """Coverage is the same list of references."""
    asked = questions.load()
    assert asked.coverage["ref"].tolist() == asked.questions["ref"].tolist()


def test_a_quotation_keeps_its_words() -> None:
    """Quotation marks around the words are gone, those within are kept, footnote marks are raised."""
    words = questions.load().questions.set_index("ref")["words"]
    assert words["P15"].startswith("Designed specifically")
    assert "(including ‘by and for’)" in words["P15"]
    assert "DELTA¹ return" in words["D2"]
    assert not words.str.contains(r"<|\*\*|^\"").any()


def test_known_holes_are_those_the_documents_name() -> None:
    """The flag is a truth value, and never on a field that is plainly recorded."""
    fields = questions.load().fields.set_index("field_id")
    assert fields["known_hole"].dtype == bool
    assert fields.loc["attempts-by-men-and-lgbtq-people", "known_hole"]
    assert not (fields["known_hole"] & fields["status"].eq("recorded")).any()


def test_questions_of_a_notebook_have_labels_and_provenance() -> None:
    """What a notebook shows reads as words and can be displayed."""
    frame = questions.questions_for("male_survivors")
    assert frame["ref"].tolist() == [f"M{n}" for n in range(1, 31)]
    assert set(frame["status"]) <= {"Answered", "Partly", "Not possible"}
    assert frame["kind"].iloc[0] == "Question"
    assert set(PROVENANCE) <= set(frame.columns)
    assert set(frame["tier"]) == {"published"}
    assert frame.loc[frame["status"].ne("Answered"), "missing"].ne("").all()
    assert "Where men become visible" in set(frame["section"])
    assert not frame["section"].str.fullmatch(r"[a-z_]+").any()


def test_a_notebook_that_bears_on_no_question_gives_an_empty_frame() -> None:
    """An absence is a frame without rows, with the same columns."""
    frame = questions.questions_for("explore")
    assert frame.empty
    assert list(frame.columns) == list(questions.questions_for("mental_health").columns)


def test_tables_read_are_noted_with_their_digest() -> None:
    """A run can say which tables it rests on."""
    inputs: dict[str, str] = {}
    questions.load(inputs=inputs)
    assert set(inputs) == {f"data/questions/{name}.csv" for name in questions.COLUMNS}
    assert all(len(digest) == 64 for digest in inputs.values())


def test_all_faults_of_all_tables_are_named_at_once(copy: Layout) -> None:
    """A wrong kind, a silent gap, a section without notebook and an unknown figure come together."""
    edit(copy, "questions", "M2,ask,", "M2,asks,")
    edit(copy, "coverage", "M18,male_survivors,places,answered", "M18,,places,answered")
    edit(copy, "fields", ",norfolk-new-referrals", ",norfolk-new-referal")
    edit(copy, "group_notes", "norfolk-men-supported", "norfolk-mem-supported")
    with pytest.raises(DataRefused) as caught:
        questions.load(copy)
    message = str(caught.value)
    assert 'questions.csv row 3, column kind: "asks" is not known. Did you mean "ask"?' in message
    assert 'column ref: "M18" is answered, but nowhere. Name notebook and section.' in message
    assert 'no figure "norfolk-new-referal". Did you mean "norfolk-new-referrals"?' in message
    assert 'no figure "norfolk-mem-supported". Did you mean "norfolk-men-supported"?' in message


def test_a_lost_question_is_missed(copy: Layout) -> None:
    """The number of questions is known, so a lost row is an error."""
    path = copy.data / "questions" / "questions.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), "utf-8")
    with pytest.raises(DataRefused) as caught:
        questions.load(copy)
    assert "197 rows, the documents hold 198. Look for a row lost" in str(caught.value)
    assert 'coverage.csv row 199, column ref: "D9" is not known' in str(caught.value)


def test_an_uncovered_question_is_named(copy: Layout) -> None:
    """Leaving a question out of the coverage is refused by its reference."""
    path = copy.data / "questions" / "coverage.csv"
    kept = [line for line in path.read_text("utf-8").splitlines(keepends=True) if not line.startswith("H7,")]
    path.write_text("".join(kept), "utf-8")
    with pytest.raises(DataRefused, match=r'the question "H7" has no row\. Say what covers it'):
        questions.load(copy)
