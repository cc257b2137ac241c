"""A report says, shows and admits; every output is a payload, accessible HTML, and a file when recorded."""

import json

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

from analysis.errors import DisclosureRefused, RunFailed, UsageError
from analysis.methods.estimate import Estimate
from analysis.present import charts, report
from analysis.record import ABSENCE_MIME, FIGURE_MIME, FINDING_MIME, REPORT_MIME, TABLE_MIME

ALT = "Of {n} rungs the highest is the survey and the lowest is support, at none."
TITLE = "Men vanish on the way to safe accommodation"


def draw(ladder):
    """Draw the ladder."""
    return charts.intervals(ladder, xlabel="Men as a share of everyone counted (%)")


def headlines(run, ladder, count=3):
    """Say some headline findings."""
    for i in range(count):
        text = f"{chr(97 + i)} {{n}}"
        run.say("visibility", text, headline=True, uncertainty="Sure.", meaning="Act.", n=i, source=ladder)


def test_say_emits_a_finding(run, shown, ladder):
    """A finding has its numbers filled in and recorded, its uncertainty and meaning, and what it rests on."""
    share = Estimate(0.226, 0.150, 0.326)
    result = run.say(
        "visibility",
        "Of {n} people, **{k}** were men; {s:value} of places.",
        headline=2,
        uncertainty="The share lies {s:words}.",
        meaning="Check the *route in*.",
        source=ladder,
        n=1225,
        k=0,
        s=share,
    )
    assert result is None
    assert shown.bundles[-1].keys() == {"text/html", FINDING_MIME, "text/plain"}
    payload = shown.payload
    assert payload["id"] == "visibility.1"
    assert payload["text"] == "Of 1,225 people, **0** were men; 22.6% of places."
    assert payload["uncertainty"] == "The share lies between 15 and 33 in every 100."
    assert payload["headline"] == 2
    assert payload["values"]["s"] == {"value": 0.226, "low": 0.15, "high": 0.326, "text": "22.6%"}
    assert payload["provenance"]["tiers"] == ["published", "reference"]
    assert 'class="dd-finding dd-headline" id="finding-visibility-1"' in shown.html
    assert "<strong>0</strong>" in shown.html
    assert "<em>route in</em>" in shown.html
    assert shown.bundles[-1]["text/plain"] == "Of 1,225 people, 0 were men; 22.6% of places."
    assert json.loads(json.dumps(payload, allow_nan=False)) == payload


def test_what_is_known_may_be_named_later(run, shown, ladder):
    """A kept value is taken by the templates that name it, and overruled by a passed one."""
    run.know(n=1225, k=3)
    run.say("visibility", "Of {n} people.", source=ladder)
    assert shown.payload["text"] == "Of 1,225 people."
    assert set(shown.payload["values"]) == {"n"}
    run.say("visibility", "Of {n} people, {k}.", source=ladder, n=7)
    assert shown.payload["text"] == "Of 7 people, 3."
    with pytest.raises(UsageError, match="without its source"):
        run.say("visibility", "Now {n}.")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "Of {n}", "n": 3}, "a number is said without its source"),
        ({"text": "Few", "headline": True}, "a headline says how sure it is and what it means"),
        ({"text": "Few", "n": 3}, "no template says {n}"),
        ({"text": "Few", "section": "visible"}, 'Did you mean "visibility"?'),
    ],
)
def test_incomplete_findings_are_refused(run, given, said):
    """A number needs a source, a headline its uncertainty and meaning, a value its place."""
    given = {"section": "visibility", **given}
    with pytest.raises(UsageError) as caught:
        run.say(**given)
    assert said in str(caught.value)


def test_words_need_no_source(run, shown):
    """A finding without numbers may stand alone."""
    run.say("visibility", "Nothing is published on this.")
    assert shown.payload["provenance"] == {"tiers": [], "sources": [], "figure_ids": [], "footnotes": []}


def test_table_emits_what_is_shown_and_computed(run, shown, ladder):
    """A table's payload has cells as read and values as computed; nothing is returned to the cell."""
    assert run.table("visibility", ladder, title="Men at {n} rungs", columns=["label", "share"], n=3) is None
    assert shown.bundles[-1].keys() == {"text/html", TABLE_MIME, "text/plain"}
    assert shown.payload["title"] == "Men at 3 rungs"
    assert shown.payload["cells"][2] == ["Supported", "0.0%", "B"]
    assert 'id="table-visibility"' in shown.html


def test_figure_emits_words_and_data(run, shown, ladder):
    """A figure's payload has its claim, its words and the table it was drawn from."""
    assert run.figure("visibility", draw(ladder), title=TITLE, alt=ALT, n=3) is None
    payload = shown.payload
    assert shown.bundles[-1].keys() == {"text/html", FIGURE_MIME, "text/plain"}
    assert payload["alt"].startswith("Of 3 rungs")
    assert payload["files"] == {}
    assert [column["name"] for column in payload["columns"]] == [
        "label",
        "count",
        "base",
        "share",
        "low",
        "high",
        "source",
    ]
    assert 'id="figure-visibility"' in shown.html


def test_figure_needs_a_claim_and_a_chart(run, ladder):
    """A figure without a title, and something that is not a chart, are refused."""
    with pytest.raises(UsageError, match="no title"):
        run.figure("visibility", draw(ladder), alt=ALT, n=3)
    with pytest.raises(UsageError, match="a DataFrame is not a chart"):
        run.figure("visibility", ladder, title=TITLE, alt=ALT, n=3)


@pytest.mark.parametrize("how", ["say", "table", "figure"])
@pytest.mark.parametrize("tier", [None, "records", "synthetic"])
def test_nothing_unreleased_is_displayed(run, shown, ladder, how, tier):
    """Frames without a public tier are refused by every way of showing them, and nothing is displayed."""
    frame = ladder.drop(columns="tier") if tier is None else ladder.assign(tier=tier)
    with pytest.raises(DisclosureRefused):
        {
            "say": lambda: run.say("visibility", "Of {n}.", n=1, source=frame),
            "table": lambda: run.table("visibility", frame, title="Men"),
            "figure": lambda: run.figure("visibility", draw(frame), title=TITLE, alt=ALT, n=3),
        }[how]()
    assert shown.bundles == []


def test_absent_says_why_and_what_it_needs(run, shown):
    """An absence has its reason and what would have to be recorded, escaped."""
    run.absent("stays", why="{area} publishes no stay for a man.", needs=["M20", "<b>"], area="Norfolk")
    assert shown.bundles[-1].keys() == {"text/html", ABSENCE_MIME, "text/plain"}
    assert shown.payload == {
        "id": "stays",
        "section": "stays",
        "why": "Norfolk publishes no stay for a man.",
        "needs": ["M20", "<b>"],
    }
    assert "<li>&lt;b&gt;</li>" in shown.html
    with pytest.raises(UsageError, match="no reason"):
        run.absent("stays.more", why=" ")


def test_an_absence_that_records_answer_is_not_said(run, shown):
    run.absent("stays", why="None is published.", unless=True)
    assert shown.bundles == []
    run.absent("stays", why="None is published.", unless=False)
    assert shown.payload["why"] == "None is published."


def test_finish_lists_the_sources_used(run, shown, ladder):
    """A whole report closes with the sources it used and their tiers."""
    headlines(run, ladder.iloc[1:])
    run.absent("stays", why="None is published.")
    run.summarise("Few men are reached.")
    assert run.finish() is None
    assert shown.payload["id"] == "sources"
    assert shown.payload["cells"] == [
        ["Refresh of the strategy", "Norfolk County Council", "2023", "not stated", "Published"]
    ]


@pytest.mark.parametrize("count", [2, 6])
def test_finish_refuses_a_report_that_is_not_whole(run, ladder, count):
    """Empty sections, the wrong number of headlines and no summary fail the report, in one message."""
    headlines(run, ladder, count)
    with pytest.raises(RunFailed) as caught:
        run.finish()
    assert "nothing is shown or said to be absent in: stays" in str(caught.value)
    assert f"{count} headline findings, not 3 to 5" in str(caught.value)
    assert "no summary opens it" in str(caught.value)


def test_a_recorded_run_writes_its_outputs(open_report, shown, ladder, tmp_path):
    """Recording writes tables, figures with their words, and the fingerprints of what was read."""
    run = open_report(tmp_path)
    run.table("visibility", ladder, title="Men at each rung")
    run.figure("visibility.ladder", draw(ladder), title=TITLE, alt=ALT, n=3)
    headlines(run, ladder)
    assert shown.bundles[1][FIGURE_MIME]["files"] == {
        "png": "figures/visibility-ladder.png",
        "svg": "figures/visibility-ladder.svg",
        "csv": "figures/visibility-ladder.csv",
        "txt": "figures/visibility-ladder.txt",
    }
    run.absent("stays", why="None is published.")
    run.summarise("Few men are reached.")
    run.finish()
    assert sorted(
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    ) == [
        "figures/visibility-ladder.csv",
        "figures/visibility-ladder.png",
        "figures/visibility-ladder.svg",
        "figures/visibility-ladder.txt",
        "inputs.json",
        "tables/sources.csv",
        "tables/visibility.csv",
    ]
    assert json.loads((tmp_path / "inputs.json").read_text()) == {"data/published/figures.csv": "0" * 64}
    assert len(pd.read_csv(tmp_path / "tables/visibility.csv")) == 3


def test_jupyterlab_writes_nothing(run, ladder, tmp_path, monkeypatch):
    """Outside the runner no file is written."""
    monkeypatch.chdir(tmp_path)
    run.table("visibility", ladder, title="Men at each rung")
    run.figure("visibility", draw(ladder), title=TITLE, alt=ALT, n=3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("recording", [False, True])
def test_begin_says_what_the_report_is(shown, tmp_path, monkeypatch, recording):
    """A report names its area and every parameter; the stylesheet comes only where no page brings one."""
    monkeypatch.delenv("DEEPDIVE_RUN_DIR", raising=False)
    if recording:
        monkeypatch.setenv("DEEPDIVE_RUN_DIR", str(tmp_path))
    run = report.begin(
        "no_such_notebook", area="norfolk", period="2022-23", confidence=0.9, sections=["a", "b"], scope="all"
    )
    assert shown.bundles[-1].keys() == {"text/html", REPORT_MIME, "text/plain"}
    assert shown.payload == {
        "notebook": "no_such_notebook",
        "title": "No such notebook",
        "question": "",
        "area": "norfolk",
        "area_name": "Norfolk",
        "period": "2022-23",
        "parameters": {"area": "norfolk", "period": "2022-23", "confidence": 0.9, "scope": "all"},
        "sections": ["a", "b"],
    }
    assert ("<style>" in shown.html) is not recording
    assert run.recording.folder == (tmp_path if recording else None)
    assert len(run.evidence.figures) > 0
    assert repr(run) == "<report no_such_notebook: Norfolk, 2022-23>"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"area": "norfolc"}, 'Did you mean "norfolk"?'),
        ({"period": "1999-00"}, "no evidence for period"),
        ({"confidence": 95}, "is not a level"),
    ],
)
def test_begin_refuses_what_it_cannot_report_on(shown, given, said):
    """An unknown area, a period without evidence and a level that is none are refused with a cure."""
    asked = {"area": "norfolk", "period": "2022-23", "sections": ["a"], **given}
    with pytest.raises(UsageError) as caught:
        report.begin("male_survivors", **asked)
    assert said in str(caught.value)
    assert shown.bundles == []


def test_errors_are_one_line_in_a_notebook(capsys):
    """In a notebook an error we name is one line without a traceback, and the cell still fails."""
    shell = InteractiveShell.instance()
    try:
        report.outputs.one_line_errors((UsageError,))
        code = "from analysis.errors import UsageError\nraise UsageError('no such area', where='area')"
        result = shell.run_cell(code)
        assert isinstance(result.error_in_exec, UsageError)
        assert capsys.readouterr().out.strip() == "UsageError: area: no such area."
    finally:
        InteractiveShell.clear_instance()


def test_many_sources_are_folded_away(open_report, shown, ladder, evidence):
    """A finding names one or two sources in its line, and folds more away behind their number."""
    more = evidence.sources.iloc[[0]].assign(source_id="leicestershire", title="Agenda pack")
    evidence.sources = pd.concat([evidence.sources, more], ignore_index=True)
    run = open_report()
    run.say("visibility", "Of {n}.", n=1, source=ladder)
    assert '<p class="dd-rests">' in shown.html
    run.say("visibility", "Of {n} again.", n=1, source=[ladder, ladder.assign(source_id="leicestershire")])
    assert "3 sources</summary>" in shown.html
    assert "<li>Agenda pack. Norfolk County Council, 2023.</li>" in shown.html


def test_words_with_a_blank_at_the_end_are_refused(run):
    """Recorded beside its finding, a value would keep a blank that the gate refuses."""
    with pytest.raises(UsageError, match="has a blank that nobody sees"):
        run.say("visibility", "{word}As planned.", word="An example. ")
