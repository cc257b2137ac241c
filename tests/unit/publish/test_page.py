"""The page of one run."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handmade_run import HEADLINES, ROWS, cells, code, finding, markdown, provenance, report, table

from analysis.errors import RenderFailed
from analysis.layout import Layout
from analysis.publish.page import render
from analysis.publish.runs import Run
from analysis.publish.tree import parse
from analysis.record import FINDING_MIME

MakeRun = Callable[..., Path]


def rendered(folder: Path, layout: Layout) -> str:
    render(folder, layout)
    return (folder / "report.html").read_text("utf-8")


def test_first_screen_holds_answer_uncertainty_and_meaning(make_run: MakeRun, layout: Layout) -> None:
    """Every headline stands before the contents with how sure it is and what it means."""
    html = rendered(make_run(), layout)
    first = html[html.index('class="answers"') : html.index('class="contents"')]
    assert first.count('class="claim"') == first.count("What it means for commissioning") == len(HEADLINES)
    assert "<strong>26.0%</strong> of victims known to the police" in first
    assert "between 25 and 27 in every 100 for the police" in first
    assert "Most men are lost between the police and the first offer" in first
    assert first.count('<span class="dd-tier dd-tier-published">Published</span>') == 3
    assert first.count('<span class="dd-tier dd-tier-reference">Reference</span>') == 1


def test_headlines_stand_in_their_places(make_run: MakeRun) -> None:
    """The first screen follows the places that findings were given, not their order in the report."""
    body = copy.deepcopy(cells())
    shown = [out["data"] for cell in body for out in cell.get("outputs", [])]
    payloads = [data[FINDING_MIME] for data in shown if FINDING_MIME in data]
    leading = [payload for payload in payloads if payload["headline"]]
    for place, payload in enumerate(reversed(leading), 1):
        payload["headline"] = place
    folder = make_run(body=body)
    assert [one["text"] for one in Run.read(folder).headlines] == [one["text"] for one in reversed(leading)]


def test_opening_names_area_period_and_question(make_run: MakeRun, layout: Layout) -> None:
    """The page says what it is about in the words of `begin` and of the table of periods."""
    page, _ = parse(rendered(make_run(), layout))
    words = next(node.text for node in page.all("div") if "opening" in node.classes)
    assert words == (
        "Norfolk 2022-23 April 2022 to March 2023 Male survivors "
        "Where do men become visible to services, where do they vanish, and what would help?"
    )


def test_the_summary_opens_the_page_and_stands_nowhere_else(make_run: MakeRun, layout: Layout) -> None:
    """A summary is shown once, under the question and before the findings."""
    said = finding(9, "none_supported", "No man was among those **supported**.", summary=True)
    html = rendered(make_run(body=[*cells(), code("summary", "run.summarise(…)", said)]), layout)
    opening = html[html.index('class="opening"') : html.index('class="answers"')]
    assert "No man was among those <strong>supported</strong>." in opening
    assert html.count("No man was among those") == 1


def test_rebuild_is_byte_identical(make_run: MakeRun, layout: Layout) -> None:
    """The same run makes the same bytes, whenever it was run and however long it took."""
    folder = make_run()
    before = rendered(folder, layout)
    make_run(started="2031-01-01T00:00:00Z", seconds=99.0)
    assert rendered(folder, layout) == before
    assert "2026" not in before


def test_policy_allows_exactly_the_style_on_the_page(make_run: MakeRun, layout: Layout) -> None:
    """The content security policy names the style by its digest and allows no script."""
    html = rendered(make_run(), layout)
    css = html[html.index("<style>") + 7 : html.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    assert policy[1] == (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_sections_carry_the_id_of_their_cell(make_run: MakeRun, layout: Layout) -> None:
    """A link to a section leads to its heading, and the contents list every section."""
    page, _ = parse(rendered(make_run(), layout))
    ids = [node.attrs["id"] for node in page.all("h2") if "id" in node.attrs]
    assert ids == ["findings", "visibility", "none-supported", "pathway", "places", "gaps", "sources-used"]
    contents = next(node for node in page.all("nav") if "contents" in node.classes)
    assert [link.attrs["href"] for link in contents.all("a")] == [f"#{name}" for name in ids[1:]]


def test_contents_say_which_sections_the_evidence_cannot_answer(make_run: MakeRun, layout: Layout) -> None:
    """A section that is an absence is marked; the section on limits is not, because absence is its point."""
    page, _ = parse(rendered(make_run(), layout))
    contents = next(node for node in page.all("nav") if "contents" in node.classes)
    marked = [item.text for item in contents.all("li") if "not in the evidence" in item.text]
    assert marked == ["The pathway not in the evidence"]


def test_absences_are_gathered_where_the_notebook_says_what_it_cannot_say(
    make_run: MakeRun, layout: Layout
) -> None:
    """The list links each absence of other sections, with what would answer it."""
    html = rendered(make_run(), layout)
    listed = html[html.index('class="absences"') : html.index("</dl>", html.index('class="absences"'))]
    assert '<a href="#pathway">The pathway</a>' in listed
    assert "sex of every person referred" in listed
    assert "field M20" not in listed


def test_absences_get_a_chapter_if_the_notebook_has_none(make_run: MakeRun, layout: Layout) -> None:
    """Without a section for it, the page adds "What this cannot say" itself."""
    html = rendered(make_run(body=[cell for cell in cells() if not cell["id"].startswith("gaps")]), layout)
    assert '<h2 id="cannot-say">What this cannot say</h2>' in html


def test_sources_stand_in_the_section_headed_so(make_run: MakeRun, layout: Layout) -> None:
    """A notebook with its own "Sources" heading keeps it; the table is shown once."""
    *body, finish = cells()
    html = rendered(make_run(body=[*body, markdown("sources", "## Sources"), finish]), layout)
    assert html.count('id="table-sources"') == 1
    assert html.index('<h2 id="sources">') < html.index('id="table-sources"')
    assert "sources-used" not in html


def test_code_is_one_click_away_and_parameters_are_explained(make_run: MakeRun, layout: Layout) -> None:
    """A section's code is in a closed disclosure, and each parameter has its comment from the notebook."""
    page, _ = parse(rendered(make_run(), layout))
    methods = [node for node in page.all("details") if "method" in node.classes]
    assert len(methods) == 5
    assert 'run.table("visibility", ladder, title="…")' in methods[0].text
    assert all("open" not in node.attrs for node in methods)
    settings = next(node for node in page.all("details") if "parameters" in node.classes)
    assert "areanorfolkthe authority" in settings.text
    assert "confidence0.95of every interval" in settings.text
    assert "from typing import Literal" not in settings.text


def test_hidden_cells_stay_hidden(make_run: MakeRun, layout: Layout) -> None:
    """The tags hide-input and hide-output keep code and outputs off the page."""
    hidden = code("quiet", "secret_step()", tags=("hide-input",))
    unseen = code("unseen", "other_step()", finding(3, "places", "Not for the page."), tags=("hide-output",))
    html = rendered(make_run(body=[*cells(), hidden, unseen]), layout)
    assert "secret_step" not in html
    assert "other_step()" in html
    assert "Not for the page." not in html


def test_footer_says_how_to_reproduce_what_was_chosen(make_run: MakeRun, layout: Layout) -> None:
    """The command carries area, period and each parameter that is not the notebook's, quoted for a shell."""
    body = cells()
    given = {"area": "norfolk", "period": "2022-23", "confidence": 0.95, "scope": "women only"}
    body[2] = code("begin", "run = begin()", report(parameters=given))
    html = rendered(make_run(body=body), layout)
    assert "deepdive run male_survivors --area norfolk --period 2022-23 -p &#39;scope=women only&#39;" in html
    assert "code <code>efefefefefef</code> and evidence <code>" in html
    assert "Published and reference evidence only; no person-level record was used." in html
    assert 'href="../../../index.html"' in html


def test_synthetic_pages_wear_a_banner(make_run: MakeRun, layout: Layout) -> None:
    """One synthetic output is enough for the banner, and the footer claims public evidence no more."""
    made_up = finding(3, "places", "A sample says so.", provenance=provenance("synthetic"))
    html = rendered(make_run(body=[*cells(), code("more", "run.say(…)", made_up)]), layout)
    assert "SYNTHETIC DATA." in html
    assert "no person-level record" not in html


def test_a_note_that_only_joins_others_is_not_said_again(make_run: MakeRun, layout: Layout) -> None:
    """A row that rests on several figures carries their notes as one; the list at the end says each once."""
    one, two = "From a copy.", "Not comparable. Summed from small areas."
    notes = (one, two, f"{one} {two}", f"{one} And more.")
    more = table("noted", "places", "A table with notes", ROWS, notes=notes)
    html = rendered(make_run(body=[*cells(), code("more", "run.table(…)", more)]), layout)
    listed = re.findall(r"<li>(.*?)</li>", html[html.index("Readings and caveats") :])
    assert [note for note in listed if one in note or two in note] == [one, two, f"{one} And more."]


def supplied(tier: str) -> list[dict[str, str]]:
    """Return the inputs of a run that read a store beside published figures."""
    return [
        {"path": "data/published/figures.csv", "sha256": "cd" * 32, "tier": "published"},
        {"path": f"{tier}/norfolk", "sha256": "12" * 32, "tier": tier},
    ]


def test_a_page_made_with_records_says_that_it_is_not_released(make_run: MakeRun, layout: Layout) -> None:
    """Reading the store is enough; the command names no folder and the fingerprint leaves the store out."""
    public = rendered(make_run(), layout)
    html = rendered(make_run(inputs=supplied("records")), layout)
    assert "NOT RELEASED" in html
    assert "NOT RELEASED" not in public
    assert "SYNTHETIC" not in html
    assert "--period 2022-23 --records DIR</code>" in html
    assert "Evidence used: published, reference, records." in html
    digest = re.compile(r"evidence <code>\w+</code>")
    assert digest.search(html)[0] == digest.search(public)[0]


def test_a_page_made_with_a_synthetic_store_is_synthetic_whatever_it_shows(
    make_run: MakeRun, layout: Layout
) -> None:
    """No output needs to rest on it: a number may hold by what the sample left out."""
    html = rendered(make_run(inputs=supplied("synthetic")), layout)
    assert "SYNTHETIC DATA." in html
    assert "NOT RELEASED" not in html
    assert "--records DIR" in html


def test_markup_in_a_notebook_is_text(make_run: MakeRun, layout: Layout) -> None:
    """Raw HTML in Markdown is shown, not obeyed."""
    odd = markdown("odd", "## More\n\n<script>alert(1)</script> and <b>bold</b>")
    html = rendered(make_run(body=[*cells(), odd]), layout)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<script>" not in html


def test_all_failures_are_named_and_nothing_is_written(make_run: MakeRun, layout: Layout) -> None:
    """A page that breaks rules is not written; the error names every rule and exits as rendering does."""
    stream = {"output_type": "stream", "name": "stderr", "text": "careful"}
    raw = {
        "output_type": "execute_result",
        "data": {"text/plain": "42"},
        "metadata": {},
        "execution_count": 1,
    }
    extra = [markdown("deep", "#### Too deep"), code("raw", "42", stream, raw)]
    folder = make_run(body=[*cells(), *extra])
    with pytest.raises(RenderFailed) as caught:
        render(folder, layout)
    said = str(caught.value)
    assert caught.value.exit_code == 6
    assert said.startswith("norfolk/2022-23/male_survivors: the page breaks 3 rules: ")
    assert 'cell "raw" shows text on stderr' in said
    assert 'cell "raw" shows a raw value (text/plain)' in said
    assert 'heading "Too deep" jumps from level 2 to 4' in said
    assert sorted(path.name for path in folder.iterdir()) == [
        "figures",
        "notebook.ipynb",
        "run.json",
        "tables",
    ]


def test_outputs_offer_the_files_the_run_wrote(make_run: MakeRun, layout: Layout) -> None:
    """Figures and tables link their files, named for a screen reader; what was not written is not linked."""
    folder = make_run()
    (folder / "figures" / "visibility-ladder.svg").unlink()
    page, _ = parse(rendered(folder, layout))
    links = {node.attrs["href"]: node.text for node in page.all("a") if "download" in node.attrs}
    claim = "of “The male share falls at every rung, from police to a place”"
    assert links == {
        "figures/visibility-ladder.png": f"PNG {claim}",
        "figures/visibility-ladder.csv": f"data as CSV {claim}",
        "tables/visibility.csv": "data as CSV of “The male share at each rung, Norfolk, 2022-23”",
        "tables/sources.csv": "data as CSV of “Sources used in this report”",
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: (folder / "run.json").unlink(), r"run\.json: the file is missing"),
        (lambda folder: (folder / "notebook.ipynb").write_text("{"), "is not JSON"),
    ],
)
def test_unreadable_runs_are_refused(
    make_run: MakeRun, layout: Layout, change: Callable[[Path], Any], message: str
) -> None:
    """A run that cannot be read is named, with the cure."""
    folder = make_run()
    change(folder)
    with pytest.raises(RenderFailed, match=message):
        render(folder, layout)


def test_run_without_a_report_is_refused(make_run: MakeRun, layout: Layout) -> None:
    """A notebook that never called `begin` makes no page."""
    with pytest.raises(RenderFailed, match="no cell began a report"):
        render(make_run(body=[markdown("title", "# Nothing")]), layout)


def test_no_analysis_library_is_loaded_to_publish() -> None:
    """Publishing imports neither pandas nor numpy nor matplotlib."""
    probe = (
        "import sys, analysis.publish.page, analysis.publish.site;"
        "print(sorted({'pandas', 'numpy', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
