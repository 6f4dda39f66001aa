"""A motion as the query: where in the library somebody moves like that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.geometry.warping import FAR, subsequence_warping
from vvipe.library.beat import NOBODY
from vvipe.library.memory import Memory

_BEATS = 1 << 16  # that are warped at once
_OVERLAP = 0.5  # of the shorter motion: what shares more with a better one is the same


@dataclass(frozen=True)
class Passage:
    """A part of a clip.

    Attributes:
        cost: Mean distance over the frames of the query.
        first: Row where it begins.
        last: Row where it ends.
        clip: Number of the clip.
    """

    cost: float
    first: int
    last: int
    clip: int


def passages(
    memory: Memory, query: Embeddings, clips: Sequence[np.ndarray], k: int
) -> list[Passage]:
    """The k passages that are most like a motion, no two of them mostly the same.

    Every clip is searched from end to end.

    Args:
        memory: All embeddings.
        query: (T, D) at the beats, NaN where nobody was seen: there anything fits.
        clips: Rows at the beats of each clip.
        k: How many.
    """
    found: list[Passage] = []
    for part in _parts(clips):
        found += _of_part(memory, query, clips, part, k)
    picked: list[Passage] = []
    for passage in sorted(found, key=lambda p: p.cost):
        if len(picked) < k and not any(_same(passage, better) for better in picked):
            picked.append(passage)
    return picked


def _parts(clips: Sequence[np.ndarray]) -> Iterator[list[int]]:
    """Numbers of clips, as many at a time as `_BEATS` hold."""
    part: list[int] = []
    size = 0
    for number, rows in enumerate(clips):
        if part and size + len(rows) > _BEATS:
            yield part
            part, size = [], 0
        part.append(number)
        size += len(rows) + 2
    if part:
        yield part


def _of_part(
    memory: Memory, query: Embeddings, clips: Sequence[np.ndarray], part: Sequence[int], k: int
) -> list[Passage]:
    gap = np.full(2, NOBODY)
    rows = np.concatenate([x for number in part for x in (clips[number], gap)])
    number_of = np.repeat(part, [len(clips[number]) + 2 for number in part])
    distances = np.full((len(query), len(rows)), FAR, np.float32)
    there = rows != NOBODY
    distances[:, there] = memory.distances(query, rows[there])
    unseen = ~np.isfinite(query.vectors).all(1)
    distances[np.ix_(unseen, there)] = 0
    matches = subsequence_warping(distances)
    cost = matches.cost * (len(query) / max(1, int((~unseen).sum())))
    lowest = np.r_[np.inf, cost[:-1]]
    ends = np.flatnonzero(np.isfinite(cost) & (cost <= lowest) & (cost < np.r_[cost[1:], np.inf]))
    found: list[Passage] = []
    for end in ends[np.argsort(cost[ends], kind="stable")]:
        first, last = int(rows[matches.start[end]]), int(rows[end])
        passage = Passage(float(cost[end]), first, last, int(number_of[end]))
        if not any(_same(passage, better) for better in found):
            found.append(passage)
            if len(found) == k:
                break
    return found


def _same(a: Passage, b: Passage) -> bool:
    if a.clip != b.clip:
        return False
    shared = min(a.last, b.last) - max(a.first, b.first)
    return shared > _OVERLAP * min(a.last - a.first, b.last - b.first)
