"""A report says everything it promised, once."""

import json

import pytest

from analysis.errors import UsageError
from analysis.present.outline import Outline, opening


def outline(*, strict=True):
    """Return the outline of a report with two sections."""
    return Outline("male_survivors", ("visibility", "none_supported"), strict=strict)


def test_keys_name_their_section():
    """A key is a section or a section and a name."""
    assert outline().claim("table", "none_supported.bounds") == (
        "none_supported",
        "male_survivors, none_supported.bounds",
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("visiblity", 'Did you mean "visibility"?'),
        ("visibility.", "is not a key"),
        ("visibility.A b", "is not a key"),
    ],
)
def test_wrong_keys_are_refused(key, said):
    """An unknown section is named with the nearest one; a misspelt key with the form it takes."""
    with pytest.raises(UsageError) as caught:
        outline().claim("table", key)
    assert said in str(caught.value)


def test_recorded_outputs_are_shown_once():
    """A recorded run refuses a second table of one key, but a table and a figure may share it."""
    one = outline()
    one.claim("table", "visibility")
    one.claim("figure", "visibility")
    with pytest.raises(UsageError, match="table visibility is shown twice"):
        one.claim("table", "visibility")


def test_a_cell_run_again_replaces_its_output():
    """In JupyterLab the same key and the same sentence may come again, with the same id."""
    lab = outline(strict=False)
    lab.claim("table", "visibility")
    lab.claim("table", "visibility")
    ids = [lab.finding("visibility", text, headline=True) for text in ("a", "b", "a")]
    assert ids == ["visibility.1", "visibility.2", "visibility.1"]


def test_faults_name_everything_missing():
    """Empty sections, headlines and the summary, which fills no section, are reported together."""
    one = outline()
    one.finding("visibility", "a", headline=True)
    assert one.faults() == [
        "nothing is shown or said to be absent in: none_supported",
        "1 headline findings, not 3 to 5",
        "no summary opens it: run.summarise was never called",
    ]
    one.summary("none_supported", "in short")
    assert one.faults()[0] == "nothing is shown or said to be absent in: none_supported"
    one.claim("absence", "none_supported.stays")
    for text in ("b", "c"):
        one.finding("visibility", text, headline=True)
    assert one.faults() == []


@pytest.mark.parametrize("sections", [(), ("a", "a"), ("A b",), ("a.b",)])
def test_sections_are_distinct_names(sections):
    """Sections that could not be told apart, or made into ids, are refused at the start."""
    with pytest.raises(UsageError, match="each once"):
        Outline("male_survivors", sections, strict=True)


def test_opening_reads_title_and_question(tmp_path):
    """Title and question are the first Markdown cell of the committed notebook."""
    path = tmp_path / "n.ipynb"
    source = ["# Male survivors\n", "\n", "Where do men\n", "become visible?\n", "\n", "More."]
    cells = [{"cell_type": "code", "source": "x"}, {"cell_type": "markdown", "source": source}]
    path.write_text(json.dumps({"cells": cells}))
    assert opening(path, "n") == ("Male survivors", "Where do men become visible?")
    assert opening(tmp_path / "male_survivors.ipynb", "male_survivors") == ("Male survivors", "")
