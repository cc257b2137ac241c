"""All that a reader knows of one base: printed cells, cells printed before, and what is impossible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from scipy import sparse

from analysis.disclosure.cells import CellSystem
from analysis.disclosure.published import Published
from analysis.disclosure.solving.equations import Space, refined, space
from analysis.disclosure.solving.joint import LIMIT, apart, joined
from analysis.disclosure.tables import TOTAL, Dimension, Key, make_key
from analysis.errors import DisclosureRefused

ENDLESS: Final = float("inf")

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Said:
    """What an earlier release of the same rows said of a cell: its range in print, or nothing."""

    key: Key
    low: float
    high: float
    threshold: int

    @property
    def hidden(self) -> bool:
        """Whether it was hidden."""
        return self.high == ENDLESS


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Equations over atoms of cliques.

    Parameters
    ----------
    space
        The atoms.
    cells
        Sum of atoms that makes each cell of the system, then each cell hidden before that the system does not
        have [cells × columns, sparse].
    keys
        Of these cells.
    before
        Threshold under which each of the latter was hidden.
    rows
        Sums that are known: printed cells, cells printed before, agreement [sums × columns, sparse].
    low, high
        Least and most of each sum.
    empty
        Columns that are known to be 0.
    truth
        Rows in each column [whole number]; None if earlier tables use a dimension that the rows do not hold.
    exact
        Whether a joint table stands behind all tables that satisfy the equations.
    """

    space: Space
    cells: Any
    keys: tuple[Key, ...]
    before: tuple[int, ...]
    rows: Any
    low: Floats
    high: Floats
    empty: Bools
    truth: Ints | None
    exact: bool


def know(
    system: CellSystem,
    hidden: Bools,
    *,
    joint: bool = True,
    earlier: Sequence[Published] = (),
    limit: int = LIMIT,
) -> Knowledge:
    """Write down what a reader knows.

    Parameters
    ----------
    system
        The cells.
    hidden
        Which are not printed; impossible ones are known to be 0 in any case.
    joint
        Whether the reader thinks of the joint table behind all tables, or takes each table by itself.
    earlier
        Releases of the same rows.
    limit
        Most cells of one clique (see `analysis.disclosure.solving.joint.joined`).

    Raises
    ------
    DisclosureRefused
        If an earlier release printed another number for the same rows.
    """
    return _Writer(system, hidden, earlier).write(joint=joint, limit=limit)


def same_rows(release: Published, system: CellSystem) -> bool:
    """Say whether a release counted the rows of the system: the same base, area and period.

    What releases of other places and times tell together is compared over common atoms of place and time
    (`analysis.disclosure.earlier.differencing`).
    """
    covered = (tuple(sorted(set(system.area))), system.start, system.end)
    return release.base == system.base and covered in {
        ((), "", ""),
        (release.area, release.start, release.end),
    }


class _Writer:
    """Dimensions of all releases side by side, and the cells over them."""

    def __init__(self, system: CellSystem, hidden: Bools, earlier: Sequence[Published]) -> None:
        self.system = system
        self.hidden = np.asarray(hidden, dtype=np.bool_) & ~system.structural
        self.dimensions: dict[str, Dimension] = dict(system.dimensions)
        self.impossible: list[Key] = list(system.impossible)
        self.scopes: list[tuple[str, ...]] = [table.scope for table in system.tables]
        self.said: list[Said] = []
        for number, release in enumerate(earlier):
            if same_rows(release, system):
                self._take(number, release)
        self.scopes += [tuple(name for name, _ in key) for key in self.impossible]
        shown = [*system.keys, *(one.key for one in self.said)]
        self.atoms = _atoms(self.dimensions, shown, self.impossible)

    def _take(self, number: int, release: Published) -> None:
        names = {name: self._name(number, name, one) for name, one in release.dimensions.items()}
        slack = max(0, release.rounded - 1)
        for key, value in _layout(release):
            ours = make_key((names[name], node) for name, node in key)
            least, most = (0.0, ENDLESS) if value is None else (max(0.0, value - slack), value + float(slack))
            self.said.append(Said(ours, least, most, release.threshold))
        self.scopes += [tuple(names[name] for name in table.scope) for table in release.tables]

    def _name(self, number: int, name: str, theirs: Dimension) -> str:
        """Return the name under which an earlier dimension is known here; link its categories to ours."""
        ours = self.dimensions.get(name)
        if ours is not None and _nodes(theirs).items() <= _nodes(ours).items():
            return name
        fresh = f"{name} (release {number + 1})"
        self.dimensions[fresh] = Dimension(fresh, theirs.leaves, theirs.groups)
        if ours is not None:
            self.impossible += [((name, leaf), (fresh, other)) for leaf, other in _apart(ours, theirs)]
        return fresh

    def write(self, *, joint: bool, limit: int) -> Knowledge:
        system = self.system
        sizes = {name: size for name, (size, _) in self.atoms.items()}
        tree = joined(self.scopes, sizes, limit=limit) if joint else apart(self.scopes, sizes)
        self.room = space(tree, sizes)
        self._within: dict[tuple[str, str], Ints] = {}
        mine = set(system.keys)
        old = {one.key: one for one in self.said if one.hidden and one.key not in mine}
        extra = [key for key in old if not any(one.key == key and not one.hidden for one in self.said)]
        cells = self._sums([*system.keys, *extra])
        truth = self._truth()
        printed = np.flatnonzero(~self.hidden)
        zeros = printed[system.count[printed] == 0]
        if tree.exact or not joint:
            printed = printed[~self._implied(printed)]
        told = [one for one in self.said if not one.hidden]
        before = self._sums([one.key for one in told])
        agreement = self.room.agreement()
        count = system.count[printed].astype(np.float64)
        none = np.zeros(agreement.shape[0])
        low = np.concatenate([count, [one.low for one in told], none])
        high = np.concatenate([count, [one.high for one in told], none])
        rows = sparse.csr_array(sparse.vstack([cells[printed], before, agreement]))
        self._consistent(told, before, truth)
        return Knowledge(
            self.room,
            cells,
            (*system.keys, *extra),
            tuple(old[key].threshold for key in extra),
            rows,
            low,
            high,
            self._empty(zeros, told),
            truth,
            tree.exact,
        )

    def _implied(self, printed: Ints) -> Bools:
        """Return the printed cells that are sums of others in print: they need no row of their own."""
        keys = {self.system.keys[place] for place in printed}

        def parts(key: Key, dimension: Dimension) -> list[Key]:
            inside = dict(key)
            node = inside.pop(dimension.name, TOTAL)
            if node in dimension.leaves:
                return []
            return [make_key((*inside.items(), (dimension.name, leaf))) for leaf in dimension.covers(node)]

        def told(key: Key) -> bool:
            found = (parts(key, dimension) for dimension in self.system.dimensions.values())
            return any(one and keys.issuperset(one) for one in found)

        return np.array([told(self.system.keys[place]) for place in printed], dtype=np.bool_)

    def _empty(self, zeros: Ints, told: Iterable[Said]) -> Bools:
        """Return the columns of what is impossible or printed as none, in every clique that can tell."""
        none = [self.system.keys[place] for place in zeros]
        none += [*self.impossible, *(one.key for one in told if one.high == 0)]
        empty = np.zeros(self.room.width, dtype=np.bool_)
        for key in none:
            for clique in self.room.homes(name for name, _ in key):
                empty[self._columns(key, clique)] = True
        return empty

    def _truth(self) -> Ints | None:
        """Return the rows in each column, if they hold every dimension."""
        names = list(self.system.dimensions)
        if set(self.dimensions) != set(names):
            return None
        joint = self.system.joint
        codes = np.zeros((len(joint.weight), len(names)), dtype=np.int64)
        for place, name in enumerate(names):
            codes[:, place] = self.atoms[name][1][joint.codes[:, place]]
        total = np.zeros(self.room.width, dtype=np.int64)
        for clique in range(len(self.room.tree.cliques)):
            np.add.at(total, self.room.of_rows(clique, codes, names), joint.weight)
        return total

    def _consistent(self, told: Sequence[Said], before: Any, truth: Ints | None) -> None:
        """Refuse earlier numbers that the rows contradict."""
        count = dict(zip(self.system.keys, self.system.count.tolist(), strict=True))
        sums = before @ truth if truth is not None else [count.get(one.key, one.low) for one in told]
        if any(not one.low <= total <= one.high for one, total in zip(told, sums, strict=True)):
            cure = "Release from the same data as before, or for other rows."
            raise DisclosureRefused(
                "an earlier release printed another number for the same rows",
                where=self.system.base,
                cure=cure,
            )

    def _sums(self, keys: Sequence[Key]) -> Any:
        found = [self._columns(key, self.room.home(name for name, _ in key)) for key in keys]
        starts = np.cumsum([0, *(len(columns) for columns in found)])
        places = np.concatenate([np.zeros(0, dtype=np.int64), *found])
        shape = (len(keys), self.room.width)
        return sparse.csr_array((np.ones(len(places)), places, starts), shape=shape)

    def _columns(self, key: Key, clique: int) -> Ints:
        return self.room.atoms(clique, {name: self._inside(name, node) for name, node in key})

    def _inside(self, name: str, node: str) -> Ints:
        if (name, node) not in self._within:
            dimension, atom = self.dimensions[name], self.atoms[name][1]
            place = {leaf: number for number, leaf in enumerate(dimension.leaves)}
            self._within[name, node] = np.unique(atom[[place[leaf] for leaf in dimension.covers(node)]])
        return self._within[name, node]


def _atoms(
    dimensions: Mapping[str, Dimension], shown: Iterable[Key], impossible: Iterable[Key]
) -> dict[str, tuple[int, Ints]]:
    """Return how many atoms of each dimension are told apart, and the atom of each leaf.

    Leaves are one atom if every cell covers both or neither, and the same is impossible of both: each table
    in which rows pass from one to the other fits as well, so that nothing is lost by counting them together.
    """
    parts: dict[str, set[frozenset[str]]] = {name: set() for name in dimensions}
    for key in shown:
        for name, node in key:
            parts[name].add(frozenset(dimensions[name].covers(node)))
    ruled_out: dict[str, dict[Key, frozenset[str]]] = {name: {} for name in dimensions}
    for key in impossible:
        for name, node in key:
            beside = tuple(pair for pair in key if pair[0] != name)
            so_far = ruled_out[name].get(beside, frozenset())
            ruled_out[name][beside] = so_far | frozenset(dimensions[name].covers(node))
    return {
        name: refined(dimension, parts[name] | set(ruled_out[name].values()))
        for name, dimension in dimensions.items()
    }


def _nodes(dimension: Dimension) -> dict[str, frozenset[str]]:
    return {node: frozenset(dimension.covers(node)) for node in dimension.nodes}


def _apart(ours: Dimension, theirs: Dimension) -> Iterator[tuple[str, str]]:
    """Yield pairs of leaves of two lists of one dimension that no row can have together.

    A leaf that the other list has, as a leaf or as a group, lies within it there and nowhere else. One that
    the other list does not name may lie anywhere that is not settled so.
    """
    mine, other = _nodes(ours), _nodes(theirs)
    for leaf, there in product(ours.leaves, theirs.leaves):
        if (leaf in other and there not in other[leaf]) or (there in mine and leaf not in mine[there]):
            yield leaf, there


def _layout(release: Published) -> Iterator[tuple[Key, int | None]]:
    """Yield every cell of an earlier release; one that is absent was declared impossible, and is 0."""
    yield from release.cells.items()
    seen = set(release.cells)
    for table in release.tables:
        axes = [[(name, node) for node in table.nodes(release.dimensions[name])] for name in table.dimensions]
        for pairs in product(*axes):
            key = make_key((*table.where, *pairs))
            if key not in seen:
                seen.add(key)
                yield key, 0
