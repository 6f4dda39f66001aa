"""The map of the space: every pose a point, ten key poses drawn around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses3D
from vvipe.view.charts import shortened
from vvipe.view.draw import draw_pose_3d
from vvipe.view.palette import FAINT_INK, GROUPS, INK, PANEL, PAPER, SMALL_PT
from vvipe.view.plane import key_poses, nearest, to_plane
from vvipe.view.sheet import FAMILY, Sheet, union
from vvipe.view.viewpoint import View

CARD, MAP_HEIGHT, TAG, RULE = (1.55, 1.7), 5.0, 0.26, 0.3
LETTERS = 18  # of a group's name, so that it stands in a column


def space_map(
    embeddings: np.ndarray,
    poses: Poses3D,
    keys: np.ndarray | None = None,
    method: str = "auto",
    seed: int = 0,
    title: str | None = "The space of poses",
    subtitle: str | None = None,
    view: View | None = None,
    examples: np.ndarray | None = None,
    groups: Sequence[str] | None = None,
) -> Figure:
    """Draws the space on a plane; a point has the colour of the key pose nearest to it.

    Args:
        embeddings: (N, D) points of the space; rows with NaN are left out.
        poses: (N, J, 3) their poses; only those of the keys are drawn.
        keys: Indices of up to ten key poses; None: chosen by `key_poses`.
        method: See `to_plane`.
        seed: For the choice of keys and the layout.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title; None: says how the map was made.
        view: From where the key poses are seen.
        examples: Indices of up to five more poses, drawn beneath with the letters A, B, … that mark
            their places.
        groups: (N,) names of up to ten groups, which points are coloured by instead.

    Raises:
        VvipeError: Poses and embeddings differ in number, too few points, more than ten keys or
            groups.
    """
    if len(embeddings) != len(poses):
        raise VvipeError("not a pose for each embedding", expected=len(embeddings), got=len(poses))
    plane, name = to_plane(embeddings, method, seed)
    keys = key_poses(embeddings, len(GROUPS), seed) if keys is None else np.asarray(keys)
    if not 0 < len(keys) <= len(GROUPS):
        raise VvipeError("wrong number of key poses", expected=f"1 to {len(GROUPS)}", got=len(keys))
    keys = _in_reading_order(keys, plane)
    columns = -(-len(keys) // 2)
    shown = np.isfinite(plane[:, 0]).sum()
    names, group = (), nearest(embeddings, embeddings[keys])
    if groups is not None:
        names, group = _numbered(groups, len(embeddings))
    by = "the group named beneath" if names else f"the nearest of {len(keys)} key poses"
    how = f"{shown:,} poses by {name}; colour: {by}"
    card_rows = [TAG, CARD[1]]
    below = card_rows[::-1] if len(keys) > columns else []
    legend = [TAG, TAG] * -(-len(names) // columns)
    examples = np.array([], int) if examples is None else np.asarray(examples)[:columns]
    more = [RULE, *card_rows] if len(examples) else []
    heights = [*card_rows, MAP_HEIGHT, *legend, *below, *more]
    sheet = Sheet([CARD[0]] * columns, heights, (0.12, 0.06), title, subtitle or how)
    ax = sheet.panel(2, 0, fill=PANEL, columns=columns)
    _write_legend(sheet, names, group[keys], columns)
    _scatter(ax, plane, group, plane[keys], group[keys])
    second = 3 + len(legend)
    places = [
        (1, 0, i) if i < columns else (second, second + 1, i - columns) for i in range(len(keys))
    ]
    tags = [(str(i + 1), GROUPS[group[key]]) for i, key in enumerate(keys)]
    _draw_cards(sheet, poses, keys, places, tags, view)
    if len(examples):
        letters = [chr(ord("A") + i) for i in range(len(examples))]
        _mark(ax, plane[examples], letters)
        last, middle = len(heights) - 1, (columns - len(examples)) // 2
        places = [(last, last - 1, middle + i) for i in range(len(examples))]
        _draw_cards(sheet, poses, examples, places, [(x, INK) for x in letters], view)
    return sheet.figure


def _mark(ax: Axes, places: np.ndarray, letters: Sequence[str]) -> None:
    for letter, (x, y) in zip(letters, places, strict=True):
        ax.plot(x, y, "o", ms=4, mfc=INK, mec=PAPER, mew=1.0, zorder=5)
        ax.annotate(
            letter, (x, y), (9, 9), textcoords="offset points", color=PAPER, size=SMALL_PT,
            weight="bold", ha="center", va="center", zorder=6, family=FAMILY,
            bbox={"boxstyle": "circle,pad=0.25", "fc": INK, "ec": PAPER, "lw": 1.0},
        )  # fmt: skip


def _in_reading_order(keys: np.ndarray, plane: np.ndarray) -> np.ndarray:
    """Upper half of the map first, each half from left to right: cards lie near their points."""
    by_height = keys[np.argsort(-plane[keys, 1], kind="stable")]
    halves = np.split(by_height, [-(-len(keys) // 2)])
    return np.concatenate([half[np.argsort(plane[half, 0], kind="stable")] for half in halves])


def _numbered(groups: Sequence[str], count: int) -> tuple[Sequence[str], np.ndarray]:
    """Names of the groups, the largest first, and (N,) the number of each point's."""
    names = [name for name, _ in Counter(groups).most_common()]
    if len(groups) != count or len(names) > len(GROUPS):
        raise VvipeError(
            "groups do not fit the points", expected=f"{count}, of {len(GROUPS)} kinds at most",
            got=f"{len(groups)}, of {len(names)}",
        )  # fmt: skip
    numbers = {name: number for number, name in enumerate(names)}
    return names, np.array([numbers[name] for name in groups])


def _write_legend(sheet: Sheet, names: Sequence[str], of_keys: np.ndarray, columns: int) -> None:
    """The names of the groups in their colours, beneath each the numbers of its key poses."""
    for i, name in enumerate(names):
        row, column = 3 + 2 * (i // columns), i % columns
        sheet.label(row, column, f"■\N{NO-BREAK SPACE}{shortened(name, LETTERS)}", GROUPS[i])
        inside = ", ".join(str(k + 1) for k in np.flatnonzero(of_keys == i))
        sheet.label(row + 1, column, inside, FAINT_INK)


def _scatter(
    ax: Axes, plane: np.ndarray, group: np.ndarray, keys: np.ndarray, ring: np.ndarray
) -> None:
    shown = np.isfinite(plane).all(axis=1)
    # A fixed shuffle, so that no group hides another by coming last.
    order = np.random.default_rng(0).permutation(np.flatnonzero(shown))
    colours = np.array([to_rgb(c) for c in GROUPS])
    size = float(np.clip(30000 / max(len(order), 1), 4, 60))
    ax.scatter(*plane[order].T, s=size, c=colours[group[order]], alpha=0.65, linewidths=0, zorder=1)
    for number, (x, y) in enumerate(keys):
        ax.annotate(
            str(number + 1), (x, y), color=INK, size=SMALL_PT, weight="bold", ha="center",
            va="center", zorder=4, family=FAMILY,
            bbox={"boxstyle": "circle,pad=0.3", "fc": PAPER, "ec": GROUPS[ring[number]], "lw": 2.0},
        )  # fmt: skip
    ax.margins(0.06)
    ax.set_aspect("equal", adjustable="datalim")


def _draw_cards(
    sheet: Sheet, poses: Poses3D, keys: np.ndarray, places: Sequence[tuple[int, int, int]],
    tags: Sequence[tuple[str, str]], view: View | None,
) -> None:  # fmt: skip
    axes = [sheet.panel(row, column) for row, _, column in places]
    boxes = [
        draw_pose_3d(ax, poses.positions[i], poses.skeleton, poses.frame_of_reference, view)
        for ax, i in zip(axes, keys, strict=True)
    ]
    for i, (row, tag_row, column) in enumerate(places):
        sheet.fit(axes[i], row, column, union(boxes) if boxes[i] else None)
        sheet.badge(tag_row, column, *tags[i])
