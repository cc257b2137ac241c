"""What a reader knows, as equations: cells are sums of atoms of cliques, which agree where they meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from scipy import sparse

from analysis.disclosure.solving.joint import JunctionTree
from analysis.disclosure.tables import Dimension

Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]
Box = Mapping[str, Ints]


@dataclass(frozen=True, eq=False)
class Space:
    """Atoms of every clique, side by side: the columns of all equations.

    Parameters
    ----------
    tree
        Cliques and where they agree.
    sizes
        Atoms of each dimension.
    offsets
        First column of each clique, and the number of columns at the end.
    """

    tree: JunctionTree
    sizes: Mapping[str, int]
    offsets: Ints

    @property
    def width(self) -> int:
        """Number of columns."""
        return int(self.offsets[-1])

    def homes(self, names: Iterable[str]) -> list[int]:
        """Return the cliques that hold some dimensions, the smallest first."""
        wanted = set(names)
        found = [place for place, clique in enumerate(self.tree.cliques) if wanted <= set(clique)]
        return sorted(found, key=lambda place: (self.offsets[place + 1] - self.offsets[place], place))

    def home(self, names: Iterable[str]) -> int:
        """Return the smallest clique that holds some dimensions."""
        return self.homes(names)[0]

    def atoms(self, clique: int, box: Box) -> Ints:
        """Return the columns of a clique that lie within a box: some atoms of some dimensions."""
        place = np.zeros(1, dtype=np.int64)
        for name in self.tree.cliques[clique]:
            size = self.sizes[name]
            inside = box.get(name, np.arange(size))
            place = (place[:, None] * size + inside).ravel()
        found: Ints = place + self.offsets[clique]
        return found

    def of_rows(self, clique: int, codes: Ints, names: Sequence[str]) -> Ints:
        """Return the column of each row in a clique, from its atoms of ``names`` [rows × names]."""
        place = np.zeros(len(codes), dtype=np.int64)
        for name in self.tree.cliques[clique]:
            place = place * self.sizes[name] + codes[:, list(names).index(name)]
        found: Ints = place + self.offsets[clique]
        return found

    def agreement(self) -> Any:
        """Return rows that are 0 where cliques agree [cells of separators × columns, sparse]."""
        parts = [
            self._margin(one, shared) - self._margin(other, shared) for one, other, shared in self.tree.links
        ]
        empty = sparse.csr_array((0, self.width), dtype=np.float64)
        return sparse.csr_array(sparse.vstack([empty, *parts]))

    def _margin(self, clique: int, shared: tuple[str, ...]) -> Any:
        names = self.tree.cliques[clique]
        codes = np.indices([self.sizes[name] for name in names]).reshape(len(names), -1)
        place = np.zeros(codes.shape[1], dtype=np.int64)
        for name in shared:
            place = place * self.sizes[name] + codes[names.index(name)]
        columns = np.arange(len(place)) + self.offsets[clique]
        height = prod(self.sizes[name] for name in shared)
        return sparse.csr_array((np.ones(len(place)), (place, columns)), shape=(height, self.width))


def space(tree: JunctionTree, sizes: Mapping[str, int]) -> Space:
    """Return the columns for the cliques of a tree, from the atoms of each dimension."""
    widths = [prod(sizes[name] for name in clique) for clique in tree.cliques]
    return Space(tree, sizes, np.concatenate([[0], np.cumsum(widths)]).astype(np.int64))


def refined(dimension: Dimension, parts: Iterable[Iterable[str]]) -> tuple[int, Ints]:
    """Return how many atoms some sets of leaves of a dimension tell apart, and the atom of each leaf."""
    covered = sorted({frozenset(leaves) for leaves in parts}, key=sorted)
    inside = np.array([[leaf in leaves for leaf in dimension.leaves] for leaves in covered], dtype=np.bool_)
    inside = inside.reshape(len(covered), len(dimension.leaves))
    _, atom = np.unique(inside.T, axis=0, return_inverse=True)
    return int(atom.max()) + 1, atom.reshape(-1).astype(np.int64)
