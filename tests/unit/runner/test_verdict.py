"""When an executed notebook is a finished report, and the one form it is kept in."""

from __future__ import annotations

import json

import pytest

from analysis.errors import DisclosureRefused, RunFailed
from analysis.record import ABSENCE_MIME, FIGURE_MIME, FINDING_MIME, REPORT_MIME, TABLE_MIME
from analysis.runner import verdict

SHOWN = [
    (REPORT_MIME, {"sections": ["one", "two"], "title": "T"}),
    (TABLE_MIME, {"id": "one", "section": "one", "provenance": {"tiers": ["published"]}}),
    (FIGURE_MIME, {"id": "one.ladder", "section": "one", "files": {"png": "figures/one-ladder.png"}}),
    (FINDING_MIME, {"id": "one.1", "section": "one", "values": {"n": {"text": "3"}}}),
    (ABSENCE_MIME, {"id": "two", "section": "two"}),
]
FILES = ("inputs.json", "tables/one.csv", "figures/one-ladder.csv", "figures/one-ladder.png")


def cell(*outputs, name="body", **rest):
    """Return an executed code cell."""
    stored = {"cell_type": "code", "id": name, "source": "x", "execution_count": 1, "metadata": {}}
    return {**stored, **rest, "outputs": list(outputs)}


def display(mime, content):
    """Return the output of one display call of the session."""
    return {
        "output_type": "display_data",
        "data": {mime: content, "text/html": "<p>", "text/plain": "x"},
        "metadata": {},
    }


@pytest.fixture
def folder(tmp_path):
    """Return a run folder that holds every declared file."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    return tmp_path


def shown(*leave_out):
    """Return the payloads of a whole report but for some."""
    return verdict.payloads([cell(*(display(m, c) for m, c in SHOWN if m not in leave_out))])


def test_a_whole_report_passes_and_tells_its_numbers_and_tiers(folder):
    """Sections answered, files there, nothing else in the folder."""
    verdict.check(shown(), folder)
    assert verdict.values(shown()) == {"one.1": {"n": {"text": "3"}}}
    assert verdict.tiers(shown()) == {"published"}
    assert verdict.report(shown())["title"] == "T"


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (REPORT_MIME, "the report was begun never. Call begin(...) once."),
        (ABSENCE_MIME, 'section "two" has no output.'),
    ],
)
def test_what_is_missing_is_named(folder, left_out, said):
    """A report without a part is no report."""
    with pytest.raises(RunFailed) as refused:
        verdict.check(shown(left_out), folder)
    assert said in str(refused.value)


@pytest.mark.parametrize("name", ["tables/notes.csv", ".cache", "disclosure.json"])
def test_a_file_that_no_output_declares_is_refused(folder, name):
    """A stray file fails the run as something undisclosed, by its name; what is in it is not repeated."""
    (folder / name).write_text("Jane")
    with pytest.raises(DisclosureRefused) as refused:
        verdict.check(shown(), folder)
    assert (
        str(refused.value) == f"{name} was written, and no output declares it. Reports hold no other files."
    )


def test_only_a_run_that_read_records_leaves_a_handover(folder):
    """The file for a release belongs to a run whose session read a store."""
    (folder / "inputs.json").write_text('{"records/norfolk": "0"}')
    (folder / "disclosure.json").touch()
    verdict.check(shown(), folder)


@pytest.mark.parametrize("name", FILES)
def test_each_declared_file_must_exist(folder, name):
    """Data and images of an output, and the list of inputs that finishing writes."""
    (folder / name).unlink()
    said = (
        "never finished"
        if name == "inputs.json"
        else f'cell "body": it declares {name}, which was not written'
    )
    with pytest.raises(RunFailed, match=said):
        verdict.check(shown(), folder)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"output_type": "stream", "name": "stderr", "text": "Jane"}, 'cell "body": it writes to stderr.'),
        ({"output_type": "stream", "name": "stdout", "text": "Jane"}, 'cell "body": it writes to stdout.'),
        ({"output_type": "error", "ename": "SystemExit"}, 'cell "body": it stopped with SystemExit.'),
        ({"output_type": "execute_result", "data": {"text/plain": "Jane"}}, "something of type text/plain"),
        ({"output_type": "display_data", "data": {"image/png": "Jane"}}, "something of type image/png"),
        (display("application/x-odd", {}), "something of type application/x-odd"),
    ],
)
def test_what_the_session_did_not_make_is_refused_without_its_content(output, said):
    """The cell and the type are named, never what was shown."""
    with pytest.raises(DisclosureRefused) as refused:
        verdict.payloads([cell(output)])
    assert said in str(refused.value)
    assert "Jane" not in str(refused.value)


@pytest.mark.parametrize(
    "odd",
    [
        cell({**display(TABLE_MIME, {"id": "one"}), "metadata": {"note": "Jane"}}),
        cell(metadata={"note": "Jane"}),
        cell(attachments={"Jane.png": {}}),
    ],
    ids=["output", "cell", "attachment"],
)
def test_metadata_of_its_own_is_refused_without_its_content(odd):
    """Metadata of an output or a cell, and attachments, are ways out that nobody reads."""
    with pytest.raises(DisclosureRefused) as refused:
        verdict.payloads([odd])
    assert 'cell "body": it carries metadata' in str(refused.value)
    assert "Jane" not in str(refused.value)


def test_the_kept_form_drops_what_differs_between_runs_and_keeps_the_rest():
    """Timings, versions, paths and random ids go; tags, outputs and injected parameters stay."""
    output = display(TABLE_MIME, {"id": "one"})
    executed = {
        "cells": [
            {
                "cell_type": "markdown",
                "id": "title",
                "source": "# T",
                "metadata": {"papermill": {"duration": 1}},
            },
            cell(
                name="8f3a", metadata={"tags": ["injected-parameters"], "papermill": {}}, source="area = 'x'"
            ),
            cell({**output, "metadata": {"x": 1}}, metadata={"tags": [], "execution": {"t": "now"}}),
        ],
        "metadata": {
            "papermill": {"input_path": "/secret"},
            "kernelspec": {"name": "python3"},
            "language_info": {"name": "python", "version": "3.11.9"},
            "widgets": {},
        },
    }
    kept = verdict.normalise(executed)
    assert [one["id"] for one in kept["cells"]] == ["title", "injected-parameters", "body"]
    assert [one["metadata"] for one in kept["cells"]] == [{}, {"tags": ["injected-parameters"]}, {}]
    assert kept["cells"][2]["outputs"] == [output]
    assert kept["metadata"] == {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}}
    assert "secret" not in json.dumps(kept)
