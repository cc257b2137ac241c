"""Sentences about records: no word for how few, no number of people that is not released, no nobody.

A number that is hidden in a table is often said in words beside it. The list is wide, and only read where an
output rests on records (SDC Handbook, section B: results described in text are outputs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any, Final

from analysis.gate.refusal import Refusal, refuse
from analysis.gate.scan_counts import EXTREMES, tabular
from analysis.gate.subject import SOURCES, Bundle, Subject
from analysis.gate.tabular import NUMBER, agrees

SMALL: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PEOPLE: Final = (
    r"(?:people|persons?|men|man|women|woman|adults?|survivors?|victims?|clients?|residents?|children|child|boys?"
    r"|girls?|famil(?:y|ies)|households?|mothers?|fathers?|referrals?|stays?|cases?|applicants?|individuals?"
    r"|users?|somebody|someone)"
)
_NUMBER: Final = rf"(?:{'|'.join(SMALL)}|[0-9])"
_OF: Final = (
    r"(?:\s+(?:of\s+)?(?:the|them|these|those|all|whom|other|young|older|disabled|trans|gay|bisexual))?"
)
_THINGS: Final = r"(?:days|weeks|months|years|hours|points|districts|areas|categories|fields|questions)\b"
_COMPARED: Final = r"\d+\s+(?:odds\s+ratios\s+)?stands\s+(?:out|apart|clearly\s+apart)\s+from"
"""What none of so many results does, of those that a report looked at: no count of people."""
HINTS: Final = re.compile(
    "|".join(
        (
            r"\bhandful\b",
            r"\b(?:a|one|the)\s+couple\s+of\b",
            r"\bone\s+or\s+two\b|\btwo\s+or\s+three\b",
            rf"\b(?:a|very|too|so|but|only|just)\s+few\b(?!\s+{_THINGS})|\bfew{_OF}\s+{PEOPLE}\b|\bfew\s+(?:were|are|have|had)\b",
            rf"\b(?:fewer|less|lower)\s+than\s+{_NUMBER}\b|\b(?:under|below)\s+{_NUMBER}\b(?!\s*(?:%|per\s+cent))",
            rf"\b(?:fewer|less)\s+than\s+(?:ten|10|\w+){_OF}\s+{PEOPLE}\b",
            rf"\b(?:just|only|merely|barely|no\s+more\s+than|not\s+more\s+than|at\s+most|up\s+to)\s+{_NUMBER}\b",
            rf"\b(?:just|only|merely)\s+(?:a|an|the)\b{_OF}\s+{PEOPLE}\b",
            rf"\ba\s+(?:single|lone|sole|solitary)\s+{PEOPLE}\b|\bisolated\s+cases?\b",
            r"\b(?:tiny|very\s+small|small|low|minimal|negligible)\s+numbers?\b",
            rf"\b(?:{'|'.join(SMALL)}){_OF}\s+{PEOPLE}\b",
            rf"\b(?:nobody|no\s+one|none(?!\s+of\s+(?:it|this|that|its|{_COMPARED})\b)|not\s+one|not\s+a\s+single|zero|no\s+{PEOPLE})\b",
            r"\bhidden\s+(?:because|since|as)\b|\bsuppressed\s+(?:because|since|as)\b",
            rf"\bevery{_OF}\s+(?:{PEOPLE})\s+(?:was|is|has|had)\b|\ball\s+but\s+{_NUMBER}\b",
        )
    ),
    re.IGNORECASE,
)
"""Words that say how few, or that there was nobody, or everybody."""

EXPLAINED: Final = re.compile(
    r"\S+ stands for a number that is not shown: it is of too few people, none among them, or would give such"
    r" a number away\."
    r"|The records hold too few [\w ,’'()-]+ for a number, or none\."
    r"|No (?:model|comparison) of [\w ,’'-]+ is shown: (?:some of its categories are of too few people"
    r"|(?:its groups are of|its groups have|the group to compare with has) too few people"
    r"|it has too few rows for its terms"
    r"|too few people had the outcome, or had not)\."
)
"""What disclosure control itself says, in the same words whatever is hidden."""
COUNTED: Final = re.compile(
    r"(?:\s+(?:of|in)\s+\d+)?(?:\s+\w+){0,2}?\s+(?:districts?|authorit\w+|areas?|characteristics?|categor\w+|groups?"
    r"|fields?|tables?|units?|places?|providers?|services?|days?|weeks?|months?|years?|hours?|nights?|percentage"
    r"|per\s+cent|points?|times|reasons?|stages?|steps?|quarters?|measures?|instruments?|questions?|parts?)\b"
)
"""What may be counted in ones and twos: things, and time."""


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield sentences about records that hint at a small number, or say one."""
    for bundle in run.bundles:
        silent = bundle.kind == "absence" and not _stated(run, bundle)
        about_records = bundle.guarded or (run.guarded and silent)
        if about_records and bundle.id != SOURCES:
            for part, text in (*_said(bundle), *_remarks(run, bundle)):
                if HINTS.search(EXPLAINED.sub(" ", text)):
                    yield refuse("wording", f"{bundle.name}, {part}", "its words hint at a small number")
        if bundle.kind == "finding":
            yield from _unsaid(bundle)
        if bundle.guarded and bundle.kind == "finding":
            yield from _values(run, bundle)


def _stated(run: Subject, bundle: Bundle) -> bool:
    """Whether an absence says what the code states word for word, whatever the records hold."""
    area = str(run.record.get("area_name", ""))
    stated = {re.sub(r"\{(area|place)\}", lambda _: area, text) for text in run.keys}
    return str(bundle.payload.get("why", "")) in stated


def _said(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Yield every sentence that an output says, with which part of it it is."""
    for part in ("title", "text", "uncertainty", "meaning", "alt", "caption", "why"):
        value = bundle.payload.get(part)
        if isinstance(value, str):
            yield part, re.sub(r"\*+", "", value)
    for number, note in enumerate(bundle.payload.get("notes", ()), 1):
        yield f"note {number}", str(note)
    for number, note in enumerate(bundle.payload.get("needs", ()), 1):
        yield f"need {number}", str(note)
    basis = bundle.payload.get("provenance", {})
    yield from ((f"footnote {n}", str(note)) for n, note in enumerate(basis.get("footnotes", ()), 1))


def _remarks(run: Subject, bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Yield what rows of records say beside their numbers; the categories before these are declared."""
    table = tabular(run, bundle) if bundle.kind in {"table", "figure"} else None
    if table is None:
        return
    places = sorted(set(range(len(table.columns))) - {*table.numeric, *table.labelling})
    for row, place in product(range(len(table.cells)), places):
        if table.guarded[row]:
            yield f"row {row + 1}, column {place + 1}", table.text(row, place)


def _unsaid(bundle: Bundle) -> Iterator[Refusal]:
    """Yield numbers that a finding records and does not say."""
    said = " ".join(text for _, text in _said(bundle))
    values = bundle.payload.get("values", {})
    for place, (_, value) in enumerate(sorted(values.items()), 1):
        if isinstance(value, dict) and re.sub(r"\*+", "", str(value.get("text", ""))) not in said:
            why = "the finding holds it and does not say it"
            yield refuse("output-words", f"{bundle.name}, number {place}", why)


def _values(run: Subject, bundle: Bundle) -> Iterator[Refusal]:
    """Yield numbers of a finding that are small counts, or values of single people."""
    threshold = run.limits(bundle).threshold
    for place, (name, said) in enumerate(sorted(bundle.payload.get("values", {}).items()), 1):
        where = f"{bundle.name}, number {place}"
        if EXTREMES.search(name.replace("_", " ")):
            yield refuse("extreme", where, "its name says that it is a value of single people")
        if not isinstance(said, dict):
            continue
        if _is_count(said.get("value")) and abs(said["value"]) < threshold and not _of_things(bundle, said):
            yield refuse("small-count", where, f"a number under {threshold} is said of people")
        hidden = said.get("text") == run.limits(bundle).marker
        if hidden and (
            said.get("value") not in {None, said.get("text")} or said.get("low") or said.get("high")
        ):
            yield refuse("hidden-value", where, "its value holds what its text hides")
        elif NUMBER.fullmatch(str(said.get("text"))) and not agrees(str(said["text"]), said.get("value")):
            yield refuse("hidden-value", where, "its value is not what its text prints")


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _of_things(bundle: Bundle, said: dict[str, Any]) -> bool:
    """Whether a number is said of things or of time wherever the finding says it."""
    texts = [text for _, text in _said(bundle)]
    number = re.compile(rf"(?<![\w.,]){re.escape(str(said.get('text', '')))}(?![\w%]|[.,]\d)")
    found = [(text, match.end()) for text in texts for match in number.finditer(text)]
    return bool(found) and all(COUNTED.match(text, end) for text, end in found)
