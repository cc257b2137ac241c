"""The ledger of releases: what has been given out, sealed, with the controller and never in git.

Before a release, `Ledger.check` says whether it tells, together with everything given out before, what none
of them tells alone. `Ledger.append` asks again with the ledger locked, so that two releases at the same time
cannot slip past each other, and then writes both the release and a link of a hash chain. The chain says
nothing of what was released, so it may be published: whoever has kept a copy of it can prove that no release
was taken out of the ledger afterwards.

The ledger holds what readers were given, never what was hidden from them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from analysis.disclosure.earlier import from_rows
from analysis.disclosure.earlier.from_rows import FromRows
from analysis.disclosure.earlier.history import Examined, Refusal, examine
from analysis.disclosure.earlier.ledger_file import Chain, LedgerFile
from analysis.disclosure.published import Published
from analysis.errors import DataRefused, DisclosureRefused
from analysis.layout import Layout
from analysis.record import canonical_json
from analysis.records.keyfile import KeyFile

LEDGER_FILE: Final = "releases.ledger"


def default_path(stores: Path | None = None) -> Path:
    """Return where the ledger is: one for all authorities, beside the stores of their records.

    Parameters
    ----------
    stores
        Folder of the stores; ``data/processed`` if None.
    """
    return (stores or Layout.find().data / "processed") / LEDGER_FILE


@dataclass(frozen=True)
class Release:
    """One thing given out, or refused.

    Attributes
    ----------
    id
        What the operator calls it; no two releases have the same.
    when
        When it was decided [ISO date and time, with its offset from UTC].
    who
        Who released it, in the operator's own words.
    policy
        Digest of the policy that it was made under.
    notebooks, reports
        SHA-256 of every notebook and file given out, by name.
    published
        What a reader learns of each base; nothing if it was refused.
    from_rows
        Which numbers of single rows a reader learns beside it.
    refused
        What was kept back, and by which rule: one line each, without a value.

    Raises
    ------
    DataRefused
        If it has no id, nobody released it, or its time is not one.
    """

    id: str
    when: str
    who: str
    policy: str
    notebooks: Mapping[str, str] = field(default_factory=dict)
    reports: Mapping[str, str] = field(default_factory=dict)
    published: tuple[Published, ...] = ()
    from_rows: tuple[FromRows, ...] = ()
    refused: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        where = f'release "{self.id}"'
        if not (self.id.strip() and self.who.strip()):
            raise DataRefused("it has no id, or nobody releases it", where=where, cure="Give both.")
        try:
            known = datetime.fromisoformat(self.when).tzinfo is not None
        except (TypeError, ValueError):
            known = False
        if not known:
            raise DataRefused("its time is not one", where=where, cure="Write 2026-04-01T09:30:00+00:00.")

    def to_json(self) -> str:
        """Return canonical JSON."""
        return canonical_json(
            {
                "id": self.id,
                "when": self.when,
                "who": self.who,
                "policy": self.policy,
                "notebooks": dict(self.notebooks),
                "reports": dict(self.reports),
                "published": [json.loads(one.to_json()) for one in self.published],
                "from_rows": [one.body() for one in self.from_rows],
                "refused": list(self.refused),
            }
        )

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Release:
        """Return a release from what `to_json` wrote, read."""
        return cls(
            id=body["id"],
            when=body["when"],
            who=body["who"],
            policy=body["policy"],
            notebooks=body["notebooks"],
            reports=body["reports"],
            published=tuple(Published.from_json(json.dumps(one)) for one in body["published"]),
            from_rows=tuple(map(FromRows.of, body.get("from_rows", ()))),
            refused=tuple(body["refused"]),
        )


class Ledger:
    """Every release so far.

    Parameters
    ----------
    path
        The file, outside git.
    key
        The key file of the records.

    Raises
    ------
    DataRefused
        If git would track the file.
    """

    def __init__(self, path: Path, key: KeyFile) -> None:
        self._file = LedgerFile(path, key)
        self._examined: dict[tuple[str, ...], Examined] = {}

    def __repr__(self) -> str:
        return f"Ledger({self._file.path})"

    def releases(self) -> tuple[Release, ...]:
        """Return every release, oldest first.

        Raises
        ------
        DataRefused
            If the key is another, or the ledger was tampered with.
        """
        return tuple(release for _, release in _given(self._file.read()))

    def refused(self) -> tuple[Release, ...]:
        """Return every release that was refused and put on record, oldest first."""
        return tuple(release for given, release in map(_read, self._file.read().entries) if not given)

    def published(self) -> tuple[Published, ...]:
        """Return what readers have been given, oldest first."""
        return tuple(one for release in self.releases() for one in release.published)

    def chain(self) -> tuple[str, ...]:
        """Return one digest an entry, oldest first; each follows from the last, and all may be published."""
        return self._file.read().links

    def verify(self, chain: Sequence[str]) -> None:
        """Prove that the ledger goes on from a chain that was published.

        Raises
        ------
        DataRefused
            If it does not: an older copy, or another ledger, was put in its place.
        """
        links = self.chain()
        if tuple(chain) != links[: len(chain)]:
            what = "the ledger does not go on from the chain that was published"
            cure = "It is an older copy, or another: restore the latest copy before anything is released."
            raise DataRefused(what, where=str(self._file.path), cure=cure)

    def check(self, release: Release) -> list[Refusal]:
        """Return why a release may not be given out after those before it; nothing if it may."""
        return list(self.examine(release).refusals)

    def examine(self, release: Release) -> Examined:
        """Hold a release against those before it, and say whether everything could be searched."""
        return self._examine(release, self._file.read())

    def _examine(self, release: Release, chain: Chain) -> Examined:
        """Hold a release against a chain, once for as long as the chain stays as it is."""
        told = (*(one.digest for one in release.published), *(one.digest for one in release.from_rows))
        asked = (chain.last, *told)
        if asked not in self._examined:
            given = [one for _, one in _given(chain)]
            found = examine(release.published, [known for one in given for known in one.published])
            rows = from_rows.refusals(release.from_rows, [known for one in given for known in one.from_rows])
            self._examined = {asked: replace(found, refusals=(*found.refusals, *rows))}
        return self._examined[asked]

    def append(self, release: Release) -> str:
        """Put a release in the ledger, once and for all.

        The same release may be put in again, whenever that is; nothing is written then.

        Returns
        -------
        str
            Its link in the chain.

        Raises
        ------
        DisclosureRefused
            If it tells too much together with what was released before.
        DataRefused
            If another release has its id, the key is another, or the ledger was tampered with.
        """
        with self._file.locked():
            chain = self._file.read()
            for link, one in _given(chain):
                if one.id == release.id:
                    return _same(one, release, link)
            if found := self._examine(release, chain).refusals:
                raise _refused(release, found)
            return self._file.append(chain, _entry(release, chain, given=True)).last

    def record_refusal(self, release: Release, found: Sequence[Refusal]) -> str:
        """Put on record that a release was refused, and why; nothing of it counts as given out.

        Returns
        -------
        str
            Its link in the chain.
        """
        lines = (*release.refused, *(str(one) for one in found))
        kept = replace(release, published=(), from_rows=(), refused=lines)
        with self._file.locked():
            chain = self._file.read()
            return self._file.append(chain, _entry(kept, chain, given=False)).last


def _entry(release: Release, chain: Chain, *, given: bool) -> str:
    """Return an entry as text: the link that it follows, the release, and whether it was given out."""
    return canonical_json({"after": chain.last, "given": given, "release": json.loads(release.to_json())})


def _read(entry: str) -> tuple[bool, Release]:
    body = json.loads(entry)
    return bool(body["given"]), Release.from_body(body["release"])


def _given(chain: Chain) -> list[tuple[str, Release]]:
    """Return what was given out, each release with its link."""
    found = zip(chain.links, map(_read, chain.entries), strict=True)
    return [(link, release) for link, (given, release) in found if given]


def _same(known: Release, release: Release, link: str) -> str:
    if known.to_json() != replace(release, when=known.when).to_json():
        cure = "Give the new one an id of its own."
        raise DataRefused("another release has this id", where=f'release "{release.id}"', cure=cure)
    return link


def _refused(release: Release, found: Sequence[Refusal]) -> DisclosureRefused:
    lines = "\n".join(f"  {one}" for one in found)
    what = f"it tells too much together with what was released before\n{lines}"
    cure = "Hide those cells too, or release the same breakdown, period and area as before."
    return DisclosureRefused(what, where=f'release "{release.id}"', cure=f"\n{cure}")
