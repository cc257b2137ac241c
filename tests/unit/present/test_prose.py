"""Numbers in prose are computed, said once by name, and safe in HTML."""

import re

import pytest

from analysis.errors import UsageError
from analysis.methods.estimate import Estimate
from analysis.present import prose

WHERE = "male_survivors, visibility"


def filled(template, **values):
    """Return the text of a filled template."""
    return prose.fill(template, values, where=WHERE)[0]


def test_kinds_of_values_are_printed_in_their_own_way():
    """Whole numbers get thousands, estimates their interval, fractions a percentage."""
    share = Estimate(0.226, 0.150, 0.326)
    said = filled(
        "{n} of {area}: {e}; {e:value}; {x:percent}; {r:.2f}", n=12345, area="Norfolk", e=share, x=0.25, r=1.5
    )
    assert said == "12,345 of Norfolk: 22.6% (95% CI 15.0% to 32.6%); 22.6%; 25.0%; 1.50"


def test_values_are_recorded_as_computed_and_as_said():
    """An estimate is kept with its limits and the words it was said in."""
    _, said = prose.fill("{e:value} of {n}", {"e": Estimate(0.2, 0.1, 0.3), "n": 5}, where=WHERE)
    assert said == {
        "e": {"value": 0.2, "low": 0.1, "high": 0.3, "text": "20.0%"},
        "n": {"value": 5, "low": None, "high": None, "text": "5"},
    }


@pytest.mark.parametrize("text", ["Of 225 people", "about 22.6% were", "£1,634 a place", "the 3 districts"])
def test_a_typed_number_is_refused(text):
    """A digit typed into prose is refused with the place, the digit and the cure."""
    with pytest.raises(UsageError) as caught:
        filled(text)
    message = str(caught.value)
    assert message.startswith(f"{WHERE}: ")
    assert "is typed into the prose" in message
    assert "{n}" in message


@pytest.mark.parametrize(
    "text",
    [
        "In 2022-23 and 2024",
        "a 95% interval",
        "the 99.8% limits",
        "1 in {n}",
        "CORE-10, PHQ-9 and question M20",
        "section 149 of the Equality Act 2010",
        "Covid-19",
    ],
)
def test_names_and_dates_may_be_typed(text):
    """Years, levels of confidence, instruments, question references and provisions are not results."""
    assert filled(text, n=4) == text.replace("{n}", "4")


@pytest.mark.parametrize(
    ("template", "values", "said"),
    [
        ("{x}", {"x": 0.25}, '"x" is a number with decimals and needs a format'),
        ("{aera}", {"area": "Norfolk"}, 'Did you mean "area"?'),
        ("{f.sum}", {"f": 1}, "is not a plain name"),
        ("{x!r}", {"x": 1}, "is not a plain name"),
        ("{x:count}", {"x": 1.5}, "a count is a whole number"),
        ("{x:percent}", {"x": float("nan")}, '"x" is missing'),
        ("{x}", {"x": True}, "true or false"),
        ("{x", {"x": 1}, "cannot be read"),
    ],
)
def test_what_cannot_be_said_is_refused(template, values, said):
    """Each way of failing to say a value has its own sentence."""
    with pytest.raises(UsageError) as caught:
        prose.fill(template, values, where=WHERE)
    assert said in str(caught.value)


def test_a_value_nobody_says_is_refused():
    """A value passed by a misspelt name is not recorded as if it were said."""
    with pytest.raises(UsageError, match=re.escape("no template says {nn}")):
        prose.refuse_unsaid({"n": 1, "nn": 2}, {"n": 1}, where=WHERE)


@pytest.mark.parametrize("word", ["An example. ", " an example", "an  example"])
def test_a_value_with_a_blank_that_nobody_sees_is_refused(word):
    """The gate refuses such a report, so that the notebook says so first."""
    _, said = prose.fill("{word}As planned.", {"word": word}, where=WHERE)
    with pytest.raises(UsageError, match='"word" has a blank'):
        prose.refuse_blanks(said, where=WHERE)
    _, said = prose.fill("{word}", {"word": word.strip().replace("  ", " ")}, where=WHERE)
    prose.refuse_blanks(said, where=WHERE)


def test_markdown_is_bold_and_em_alone():
    """Nothing but ** and * passes into HTML; everything else is escaped."""
    text = '**Men** are *rare* <script>alert("x")</script> & 2 * 3 * 4 [a](b)'
    assert prose.html(text) == (
        "<strong>Men</strong> are <em>rare</em> &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; "
        "2 * 3 * 4 [a](b)"
    )
    assert prose.words("**Men** are *rare*") == "Men are rare"
