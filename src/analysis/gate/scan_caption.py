"""The text beside a figure: its payload's words behind fixed heads, line by line, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from analysis.gate.refusal import Refusal, refuse
from analysis.gate.subject import Bundle, Subject

Json = dict[str, Any]


def scan(run: Subject) -> Iterator[Refusal]:
    """Yield figures whose words beside them are not those of their payload."""
    for bundle in run.bundles:
        for name in bundle.files:
            path = run.folder / name
            if name.endswith(".txt") and path.is_file() and not path.is_symlink():
                yield from _file(path.read_bytes(), bundle, run)


def _file(content: bytes, bundle: Bundle, run: Subject) -> Iterator[Refusal]:
    where = run.said_file(f"figures/{bundle.stem}.txt")
    if content != "".join(f"{line}\n" for line in _lines(bundle.payload, run.record)).encode():
        yield refuse("output-words", where, "it says something else than the payload of its figure")


def _lines(said: Json, record: Json) -> Iterator[str]:
    """Yield the lines that the words of a figure have."""
    basis = said.get("provenance", {})
    title = _plain(said.get("title", ""))
    yield f"Title: {title}"
    yield f"Alternative text: {said.get('alt')}"
    if said.get("caption"):
        yield f"Caption: {_plain(said['caption'])}"
    yield f"Evidence: {', '.join(basis.get('tiers', ()))}"
    yield from (f"Source: {source}" for source in basis.get("sources", ()))
    yield from (f"Note: {note}" for note in basis.get("footnotes", ()))
    report = f"{record.get('title')}: {record.get('area_name')}, {record.get('period')}"
    yield f"Cite as: {title}. Figure in: {report}. Deep Dives."


def _plain(text: Any) -> str:
    return re.sub(r"\*{1,2}(?=\S)(.+?)(?<=\S)\*{1,2}", r"\1", str(text))
