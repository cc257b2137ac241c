"""Charts print every value, keep words apart and inside, and never rely on colour alone."""

import itertools
from functools import cache

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.errors import UsageError
from analysis.methods.cascade import cascade
from analysis.methods.funnel import funnel
from analysis.methods.trends import xmr
from analysis.present import charts, plane, style

NAN = float("nan")
PUBLISHED = {"tier": "published", "source_id": "norfolk", "figure_ids": "n-1", "footnote": ""}
LONG = "Needs could not be met because of complexity or of risk to others who live there"


def ladder():
    """Six rungs: long words, no base, no value, none of 225, all of 12."""
    rows = [
        ("Survey of people abused in the last year, England and Wales", NAN, NAN, 0.34, NAN, NAN),
        (LONG, 83, 1296, 0.064, 0.052, 0.079),
        ("Referrals", NAN, NAN, NAN, NAN, NAN),
        ("Supported", 0, 225, 0.0, 0.0, 0.016),
        ("Disclosed", 12, 12, 1.0, 0.757, 1.0),
    ]
    names = ["label", "count", "base", "share", "low", "high"]
    return pd.DataFrame(rows, columns=names).assign(**PUBLISHED)


def by_sex():
    """Two needs by sex, with a ratio of zero and one without an upper limit."""
    rows = [
        ("Mental health", "Men", 12, 31, 1.3, 0.8, 1.9),
        ("Mental health", "Women", 140, 500, 0.9, 0.8, 1.1),
        ("Children to place with the survivor", "Men", 0, 31, 0.0, 0.0, 0.6),
        ("Children to place with the survivor", "Women", 200, 500, 2.0, 1.8, float("inf")),
    ]
    names = ["label", "sex", "count", "base", "ratio", "ratio_low", "ratio_high"]
    return pd.DataFrame(rows, columns=names).assign(**PUBLISHED)


def outcomes():
    """Four outcomes of referrals by sex, long form."""
    names = ["Accepted", "Refused by the provider", "Declined by the survivor", "Inappropriate referral"]
    cells = {"Men": (18, 6, NAN, 2), "Women": (300, 180, 120, 24)}
    rows = [(sex, name, n) for sex, counts in cells.items() for name, n in zip(names, counts, strict=True)]
    return pd.DataFrame(rows, columns=["label", "category", "count"]).assign(**PUBLISHED)


def reasons():
    """Shares of refusals for four reasons in four groups, one not published."""
    rows = itertools.product(
        [LONG, "No space", "Other"], ["Men", "Women", "Disabled", "Language other than English"]
    )
    frame = pd.DataFrame(rows, columns=["label", "category"]).assign(**PUBLISHED)
    return frame.assign(share=[NAN, *(i / 12 for i in range(1, 12))])


def quarters():
    """Fourteen quarters, one missing and one far out."""
    values = [40, 36, 47, 41, NAN, 37, 36, 32, 34, 90, 41, 40, 42, 42]
    periods = [f"{2019 + i // 4} Q{i % 4 + 1}" for i in range(14)]
    return xmr(pd.DataFrame({"period": periods, "value": values}).assign(**PUBLISHED), minimum=0)


def districts():
    """Thirty districts, one far above the others."""
    bases = [60 + 29 * i for i in range(30)]
    counts = [round(base * 0.12) for base in bases]
    counts[14] = round(bases[14] * 0.3)
    names = [f"District {i}" for i in range(30)]
    return funnel(pd.DataFrame({"label": names, "count": counts, "base": bases}).assign(**PUBLISHED))


def turned_away():
    """Two curves of the probability of being turned away."""
    rows = [(f"{n} arrivals a year", p, 1 / (1 + p / n)) for n in (20, 120) for p in range(1, 30)]
    return pd.DataFrame(rows, columns=["series", "places", "p"]).assign(**PUBLISHED)


def stays(*groups):
    """Shares still there on five days; lines lie close together and two of them meet."""
    days = (0, 30, 60, 90, 180, 365)
    rows = [
        (f"{name} in safe accommodation", day, round(max(1 - day / 300 - i * 0.012 * (day > 0), 0.07), 3))
        for i, name in enumerate(groups)
        for day in days
    ]
    frame = pd.DataFrame(rows, columns=["sex", "days", "remaining"]).assign(**PUBLISHED)
    return frame.assign(low=frame["remaining"] - 0.05, high=frame["remaining"] + 0.05)


def steps():
    """A therapy pathway with a step that was not published."""
    names = ["Identified with a mental-health need", "Referred", "Assessed", "Started", "Completed"]
    return cascade(pd.DataFrame({"step": names, "count": [57, 40, NAN, 33, 12]}).assign(**PUBLISHED))


def costs():
    """What a cost depends on."""
    rows = [("Occupancy", 21000, 61000), ("Mean stay", 30000, 39000)]
    return pd.DataFrame(rows, columns=["label", "low", "high"]).assign(**PUBLISHED)


CHARTS = {
    "intervals": charts.intervals(
        ladder(), xlabel="Men as a share of everyone counted (%)", highlight="Supported", reference_line=0.34
    ),
    "headed": charts.intervals(
        ladder().assign(under=["Survey", "Services", "Services", "Places", "Places"], period="2022-23"),
        heading="under",
        detail=("period",),
        xlabel="Men as a share of everyone counted (%)",
    ),
    "forest": charts.forest(
        by_sex(), group="sex", xlabel="Share in service over share in population (ratio)"
    ),
    "bars": charts.bars(ladder(), "label", "base", xlabel="People counted"),
    "grouped bars": charts.bars(by_sex(), value="count", group="sex", xlabel="People"),
    "stacked": charts.stacked(outcomes(), xlabel="Share of referrals (%)"),
    "stacked counts": charts.stacked(outcomes(), xlabel="Referrals", share=False),
    "cascade": charts.cascade(steps(), xlabel="Adults"),
    "tornado": charts.tornado(costs(), xlabel="Cost (£)", reference_line=(34000, "All in the middle")),
    "heatmap": charts.heatmap(reasons(), xlabel="Share of refusals (%)"),
    "trend": charts.trend(
        quarters(), ylabel="Households owed a duty (households a quarter)", xlabel="Quarter"
    ),
    "funnel": charts.funnel(
        districts(), xlabel="Households", ylabel="Share (%)", highlight=["District 3", "District 4"]
    ),
    "survival": charts.survival(
        stays("Women", "Men"), xlabel="Days since the start", ylabel="Share still there", series="sex"
    ),
    "survival of three": charts.survival(
        stays("Women", "Men", "Trans adults"), xlabel="Days", ylabel="Share still there", series="sex"
    ),
    "curve": charts.curve(
        turned_away(),
        "places",
        "p",
        series="series",
        xlabel="Places",
        ylabel="Turned away (%)",
        reference_line=(0.05, "Dashed: one in twenty"),
    ),
}


@cache
def words(name, width):
    """Draw a chart once and return its page and every text on it with its box [pixels]."""
    with mpl.rc_context(style.RC):
        page = CHARTS[name].draw(width)
        FigureCanvasAgg(page).draw()
        renderer = page.canvas.get_renderer()
        texts = [
            text for text in page.findobj(mpl.text.Text) if text.get_text().strip() and text.get_visible()
        ]
        ticks = {tick for axes in page.axes for axis in (axes.xaxis, axes.yaxis) for tick in outside(axis)}
        kept = [text for text in texts if text not in ticks]
        return page, [(text.get_text(), text.get_window_extent(renderer)) for text in kept]


def outside(axis):
    """Return tick labels that matplotlib keeps but does not draw."""
    low, high = sorted(axis.get_view_interval())
    ticks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    hidden = [tick.label2 for tick in ticks]
    return hidden + [tick.label1 for tick in ticks if not low <= tick.get_loc() <= high]


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
@pytest.mark.parametrize("name", CHARTS)
def test_no_word_is_cut(name, width):
    """Every word lies inside the page, at both widths."""
    page, texts = words(name, width)
    for text, box in texts:
        assert box.x0 >= -1, text
        assert box.y0 >= -1, text
        assert box.x1 <= page.bbox.width + 1, text
        assert box.y1 <= page.bbox.height + 1, text


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
@pytest.mark.parametrize("name", CHARTS)
def test_no_words_overlap(name, width):
    """No two texts cover each other, at both widths."""
    _, texts = words(name, width)
    for (one, a), (other, b) in itertools.combinations(texts, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across <= 2 or down <= 4, f"{one!r} covers {other!r}"


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
@pytest.mark.parametrize("name", CHARTS)
def test_no_text_is_small(name, width):
    """Nothing is smaller than 10 points, and a narrow page is drawn for its own width."""
    page, _ = words(name, width)
    assert page.get_size_inches()[0] == width
    assert min(text.get_fontsize() for text in page.findobj(mpl.text.Text) if text.get_text()) >= 10


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
@pytest.mark.parametrize("name", ["survival", "survival of three"])
def test_shares_on_one_day_cover_no_mark_and_no_share(name, width):
    """Lines that lie on each other keep their marks in sight, and each share printed is one of its day."""
    page, texts = words(name, width)
    axes = page.axes[0]
    marks = [
        axes.transData.transform(at)
        for line in axes.lines
        for at in line.get_xydata()
        if line.get_clip_on() is False
    ]
    shares = [(text, box) for text, box in texts if text.endswith((".0%", "8%", "6%"))]
    assert len(shares) > 5
    for text, box in shares:
        assert not any(box.x0 < x < box.x1 and box.y0 < y < box.y1 for x, y in marks), text
    shown = {f"{share:.1%}" for share in CHARTS[name].frame["remaining"]}
    assert {text for text, _ in shares} <= shown


def test_a_line_that_cannot_be_shown_is_named():
    """The chart says whose line is missing, and whole percents stay whole."""
    frame = stays("Women", "Men").round({"remaining": 2, "low": 2, "high": 2})
    frame.loc[frame["sex"].str.startswith("Men"), "remaining"] = NAN
    chart = charts.survival(frame, xlabel="Days", ylabel="Share still there", series="sex")
    with mpl.rc_context(style.RC):
        texts = {text.get_text().replace("\n", " ") for text in chart.draw(style.WIDE).findobj(mpl.text.Text)}
    assert "No share of these can be shown: Men in safe accommodation." in texts
    assert {"90%", "7%"} <= texts
    assert not any(text.endswith(".0%") for text in texts)
    assert chart.formats["remaining"] == ".0%", "the table says what the marks say"


def test_names_of_lines_that_end_together_stay_on_the_page():
    """Names at the top push each other down, at the bottom up, and never overlap."""
    assert plane.apart([0.1, 0.1, 3.3], [0.2, 0.2, 0.2], 3.5) == pytest.approx([0.1, 0.5, 3.3])
    assert plane.apart([3.3, 3.3, 3.3], [0.2, 0.2, 0.2], 3.5) == pytest.approx([2.5, 2.9, 3.3])


def said(name):
    """Return every text of a chart beside text, each on one line."""
    return [text.replace("\n", " ") for text, _ in words(name, style.WIDE)[1]]


def test_values_stand_beside_their_marks():
    """Value and interval are printed; a share without base, and no share at all, say so."""
    texts = said("intervals")
    assert "6.4% (5.2% to 7.9%)" in texts
    assert "34.0%, base not published" in texts
    assert "not published" in texts
    assert "83 of 1,296" in texts
    assert "0 of 225" in texts


def test_a_share_without_base_is_hollow():
    """The mark of a share without base is filled with paper, and nothing is drawn for no share."""
    marks = [line for line in CHARTS["intervals"].figure.axes[0].get_lines() if line.get_marker() == "o"]
    assert [line.get_markerfacecolor() == style.PAPER for line in marks] == [True, False, False, False]


def test_zero_and_unbounded_ratios_are_arrows():
    """What a log axis cannot place points to the left, and what has no limit to the right."""
    markers = [line.get_marker() for line in CHARTS["forest"].figure.axes[0].get_lines()]
    assert "<" in markers
    assert ">" in markers
    assert "2.00 (1.80 to no limit)" in said("forest")


def test_groups_differ_in_shape():
    """Marks of two groups differ in shape as well as in colour."""
    marks = [line.get_marker() for line in CHARTS["forest"].figure.axes[0].get_lines()]
    assert {"o", "s"} <= set(marks)
    hatches = {patch.get_hatch() for patch in CHARTS["stacked"].figure.axes[0].patches}
    assert len(hatches) == 4


@pytest.mark.parametrize("name", ["bars", "grouped bars", "cascade", "stacked counts"])
def test_bars_start_at_zero(name):
    """Lengths are compared from zero."""
    assert CHARTS[name].figure.axes[0].get_xlim()[0] == 0


def test_shares_never_run_past_the_whole():
    """An axis of shares ends at 100%."""
    assert CHARTS["intervals"].figure.axes[0].get_xlim() == (0, 1)


def test_parts_too_narrow_are_printed_under_the_bar():
    """What cannot be printed inside its part, or was not published, is said under the bar."""
    texts = said("stacked counts")
    assert any(
        "Accepted 18 (69.2%)" in text and "Declined by the survivor not published" in text for text in texts
    )


def test_cascade_says_what_share_went_on():
    """Each step says its share of the step before; after a step not published there is none."""
    texts = said("cascade")
    assert "40: 70.2% of the step before (57.3% to 80.5%)" in texts
    assert "33" in texts


def test_signals_and_outliers_are_named():
    """A signal is labelled in bold, and an area outside the limits is named, as are highlighted ones."""
    assert "90" in said("trend")
    assert "Solid line: average 42.9. Dashed: natural limits 10.0 to 75.8." in said("trend")
    assert any(text.startswith("District 14 ") for text in said("funnel"))
    assert sum(text.startswith(("District 3 ", "District 4 ")) for text in said("funnel")) == 2


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: charts.intervals(ladder(), "lable", xlabel="x"), 'no column "lable". Did you mean "label"?'),
        (
            lambda: charts.intervals(ladder(), xlabel="x", highlight="Suported"),
            'no row "Suported" to highlight',
        ),
        (lambda: charts.intervals(ladder(), xlabel="x", unit="percentage"), 'unknown unit "percentage"'),
        (lambda: charts.bars(ladder().iloc[:0], xlabel="x"), "there are no rows to draw"),
    ],
)
def test_mistakes_are_named(draw, message):
    """A wrong column, row or unit is refused with the nearest that exists."""
    with pytest.raises(UsageError) as caught:
        draw()
    assert message in str(caught.value)


def test_a_chart_does_not_show_its_data_by_itself():
    """Neither the representation nor a cell's last value leaks the frame past the session."""
    text = repr(CHARTS["intervals"])
    assert "1296" not in text
    assert "Survey" not in text
