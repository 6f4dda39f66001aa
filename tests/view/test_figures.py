import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.figures import (
    canonical_figure,
    contact_sheet,
    hypotheses_figure,
    interpolation_figure,
    lifting_figure,
    retrieval_figure,
    sides_figure,
    space_map,
    training_figure,
    variants_figure,
    views_figure,
)
from vvipe.view.figures.curves import Panel, curves_figure
from vvipe.view.figures.lifting import root_aligned_errors_mm
from vvipe.view.palette import GROUPS, HIT, MISS


def many(pose, leading: tuple[int, ...], rng, spread: float = 0.02, missing: float = 0.0):
    """Copies of one pose with noise, joints missing at random."""
    scale = spread * (np.nanmax(pose.coords) - np.nanmin(pose.coords))
    coords = pose.coords + rng.normal(0, scale, (*leading, *pose.coords.shape)).astype(np.float32)
    coords[rng.random(coords.shape[:-1]) < missing] = np.nan
    return replace(pose, coords=coords, frame=None)


def has_colour(pixels: np.ndarray, colour: str) -> bool:
    return bool((np.abs(pixels - to_rgb(colour)).max(axis=-1) < 0.1).sum() > 30)


def texts(fig) -> list[str]:
    return [t.get_text() for t in fig.texts]


def figures(person, film, rng, missing: float):
    poses_2d, poses_3d = film("coco17"), person("h36m17")
    two, three = (
        many(poses_2d, (4,), rng, missing=missing),
        many(poses_3d, (4,), rng, missing=missing),
    )
    found_2d = many(poses_2d, (4, 3), rng, missing=missing)
    found_3d = many(poses_3d, (4, 3), rng, missing=missing)
    distances = np.sort(rng.random((4, 3)), axis=1)
    yield retrieval_figure(two, found_2d, distances, distances < 0.5, three, found_3d)
    yield lifting_figure(two, three, many(poses_3d, (4,), rng, missing=missing))
    yield interpolation_figure(three)
    yield interpolation_figure(found_3d)
    yield variants_figure(poses_3d, found_3d, alphas=(0.2, 0.3, 0.5))
    yield contact_sheet(two, three, columns=3)
    cloud = many(poses_3d, (40,), rng, spread=0.1, missing=missing)
    yield space_map(rng.normal(size=(40, 8)), cloud, method="pca", examples=np.array([3, 4, 30]))
    yield views_figure(three, three, [two, two], [three, three], np.full((4, 2), 51.4))
    yield canonical_figure(three, three)
    x, y, z = np.moveaxis(found_3d.coords, -1, 0)
    before = np.stack([-y, -z, x + 4], -1).swapaxes(0, 1)  # (3, 4, 17, 3)
    samples = replace(found_3d, coords=before, frame=None, frame_of_reference="camera")
    mean = replace(samples, coords=before[0], frame=None)
    yield sides_figure(two, mean, np.zeros(4), (90, 180))
    yield hypotheses_figure(two, mean, samples, np.zeros(4))


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_every_figure_shows_both_sides(missing, person, film, rng, render, is_left, is_right):
    for fig in figures(person, film, rng, missing):
        pixels = render(fig)
        assert is_left(pixels).mean() > 0.002
        assert is_right(pixels).mean() > 0.002
        assert 0.4 < (pixels > 0.94).all(axis=-1).mean() < 0.99  # mostly paper, never only paper


def test_poses_without_any_joint_leave_empty_panels(person, film, rng, render, is_left):
    for fig in figures(person, film, rng, 1.0):
        text = [t.get_text() for ax in fig.axes for t in ax.texts]
        assert "no joints" in text
        render(fig)


def test_pyplot_stays_out_of_it():
    code = "import vvipe.view, sys; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("hits", [[True, True], [False, False], [True, False], None])
def test_frames_tell_hits_from_misses(hits, film, rng, render):
    query, found = many(film("coco17"), (1,), rng), many(film("coco17"), (1, 2), rng)
    verdict = None if hits is None else np.array([hits])
    fig = retrieval_figure(query, found, np.array([[0.04, 0.2]]), verdict)
    hits = hits or []
    pixels = render(fig)
    assert has_colour(pixels, HIT) == (True in hits)
    assert has_colour(pixels, MISS) == (False in hits)
    marks = "".join(texts(fig))
    assert marks.count("✓") == hits.count(True) and marks.count("✗") == hits.count(False)
    assert "0.04" in marks and "0.20" in marks


def test_lifting_errors_by_hand(person, rng):
    true = many(person("h36m17"), (3,), rng)
    lifted = many(person("h36m17"), (3,), rng, missing=0.2)
    lifted.coords[:, 0] = true.coords[:, 0] + 0.5  # the root is seen, elsewhere
    errors = root_aligned_errors_mm(lifted, true)
    for i in range(3):
        distances = [
            np.linalg.norm((a - lifted.coords[i, 0]) - (b - true.coords[i, 0]))
            for a, b in zip(lifted.coords[i], true.coords[i], strict=True)
            if np.isfinite(a).all()
        ]
        np.testing.assert_allclose(errors[i], 1000 * np.mean(distances), rtol=1e-4)


def test_lifting_writes_the_error(person, film, rng):
    true, keypoints = many(person("h36m17"), (1,), rng), many(film("coco17"), (1,), rng)
    shifted = true.coords.copy()
    shifted[0, 1:] += (0.034, 0, 0)  # 16 of 17 joints 34 mm off: 32 mm
    assert "mean joint error 32 mm" in texts(
        lifting_figure(keypoints, replace(true, coords=shifted), true)
    )
    assert "mean joint error 71 mm" in texts(
        lifting_figure(keypoints, true, true, np.array([71.2]))
    )


def test_a_red_line_marks_what_is_between_lifted_and_true(person, film, rng, render):
    true, keypoints = many(person("h36m17"), (1,), rng, spread=0), many(film("coco17"), (1,), rng)
    moved = true.coords.copy()
    moved[0, true.skeleton.index("right_wrist")] += (0.0, 0.5, 0.3)
    same = render(lifting_figure(keypoints, true, true))
    differs = render(lifting_figure(keypoints, replace(true, coords=moved), true))
    assert not has_colour(same, MISS) and has_colour(differs, MISS)


def test_variants_tell_how_far_they_are(person):
    original = person("h36m17")
    moved = original.coords + np.float32([0, 0.05, 0])
    variants = Poses3D(moved[None, None], original.skeleton, frame_of_reference="canonical")
    assert "50 mm away" in texts(variants_figure(original, variants, alphas=(0.4,)))


def test_contact_sheet_names_the_instants(person, film, rng):
    lifted = many(person("h36m17"), (101,), rng)
    keypoints = many(film("coco17"), (101,), rng)
    assert {"frame 0", "frame 50", "frame 100"} <= set(texts(contact_sheet(keypoints, lifted, 3)))
    timed = replace(keypoints, fps=25.0)
    assert {"0.00 s", "2.00 s", "4.00 s"} <= set(texts(contact_sheet(timed, lifted, 3)))


def test_the_map_says_how_it_was_made_and_numbers_its_keys(person, rng):
    cloud = many(person("h36m17"), (30,), rng)
    points = rng.normal(size=(30, 5))
    points[3] = np.nan
    fig = space_map(points, cloud, keys=np.array([0, 9, 21]), method="pca")
    written = texts(fig)
    assert any("PCA" in t and "29 poses" in t for t in written)
    assert {"1", "2", "3"} <= set(written) and "4" not in written


def test_the_map_coloured_by_groups_names_them_and_their_key_poses(person, rng, render):
    cloud, points = many(person("h36m17"), (30,), rng), rng.normal(size=(30, 5))
    groups = ["walk"] * 18 + ["run"] * 12
    fig = space_map(points, cloud, keys=np.array([0, 9, 21]), method="pca", groups=groups)
    written = texts(fig)
    names = [t.replace("\N{NO-BREAK SPACE}", " ") for t in written]
    assert {"■ walk", "■ run"} <= set(names)
    beneath = [written[names.index(f"■ {name}") + 1] for name in ("walk", "run")]
    assert sorted(",".join(beneath).replace(" ", "").split(",")) == ["1", "2", "3"]
    assert [len(b.split(",")) for b in beneath] == [2, 1]
    colours = fig.axes[0].collections[0].get_facecolor()[:, :3]
    shown = [(np.abs(colours - to_rgb(GROUPS[i])).max(1) < 1e-6).sum() for i in range(3)]
    assert shown == [18, 12, 0]
    for wrong in (groups[1:], [str(i % 11) for i in range(30)]):
        with pytest.raises(VvipeError, match="groups do not fit"):
            space_map(points, cloud, method="pca", groups=wrong)


def test_examples_have_letters_on_the_map_and_beneath(person, rng):
    cloud, points = many(person("h36m17"), (30,), rng), rng.normal(size=(30, 5))
    fig = space_map(points, cloud, method="pca", examples=np.array([3, 9]))
    on_map = [t.get_text() for t in fig.axes[0].texts]
    assert {"A", "B"} <= set(on_map) and {"A", "B"} <= set(texts(fig)) and "C" not in texts(fig)


def test_views_tell_the_error_of_each_camera(person, film, rng):
    bodies, keypoints = many(person("h36m17"), (1,), rng), many(film("coco17"), (1,), rng)
    errors = np.array([[12.4, 88.0]])
    fig = views_figure(bodies, bodies, [keypoints] * 2, [bodies] * 2, errors)
    assert {"camera 2", "lifted, 12 mm off", "lifted, 88 mm off"} <= set(texts(fig))


def test_figures_are_the_same_every_time(person, film, rng, render):
    first, second = (
        [render(f) for f in list(figures(person, film, np.random.default_rng(3), 0.1))[::3]]
        for _ in range(2)
    )
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_what_does_not_fit_is_refused(person, film, rng):
    two, three = many(film("coco17"), (3,), rng), many(person("h36m17"), (3,), rng)
    found = many(film("coco17"), (3, 2), rng)
    with pytest.raises(VvipeError, match="found does not fit"):
        retrieval_figure(two, found, np.zeros((3, 4)))
    with pytest.raises(VvipeError, match="hits do not fit"):
        retrieval_figure(two, found, np.zeros((3, 2)), np.zeros(3, bool))
    with pytest.raises(VvipeError, match="differ in number"):
        lifting_figure(two[:2], three, three)
    with pytest.raises(VvipeError, match="do not compare"):
        lifting_figure(two, three, replace(three, frame_of_reference="camera"))
    with pytest.raises(VvipeError, match="do not fit the alphas"):
        variants_figure(three[0], many(person("h36m17"), (2, 3), rng))
    with pytest.raises(VvipeError, match="one lifted pose"):
        contact_sheet(two, three[:2])
    with pytest.raises(VvipeError, match="one lifted pose"):
        contact_sheet(two[:0], three[:0])
    with pytest.raises(VvipeError, match="views do not fit"):
        views_figure(three, three, [two], [three], np.zeros((3, 2)))
    with pytest.raises(VvipeError, match="views do not fit"):
        views_figure(three, three, [two[:2]], [three], np.zeros((3, 1)))
    with pytest.raises(VvipeError, match="aligned pose"):
        canonical_figure(three, three[:2])
    with pytest.raises(VvipeError, match="pose for each embedding"):
        space_map(rng.normal(size=(4, 8)), three)
    with pytest.raises(VvipeError, match="key poses"):
        space_map(rng.normal(size=(3, 8)), three, keys=np.zeros(0, int))


def test_plain_2d_poses_need_no_confidence():
    keypoints = Poses2D(np.random.default_rng(0).random((1, 17, 2)) * 100, "coco17")
    assert retrieval_figure(
        keypoints, replace(keypoints, coords=keypoints.coords[None]), np.zeros((1, 1))
    )


@pytest.mark.parametrize(("zero", "low"), [(True, 0), (False, 60)])
def test_curves_start_at_nought_or_below_the_lowest_value(zero, low):
    panel = Panel("a protocol", "dimensions", {"ours": np.array([[66.0, 81], [64, 83]])}, [8, 16])
    (axes,) = curves_figure([panel], zero=zero).axes
    assert axes.get_ylim() == (low, 100)


def test_a_panel_in_which_nothing_was_measured_is_left_empty():
    found = Panel("found", "dimensions", {"ours": np.array([[66.0, 81]])}, [8, 16])
    figure = curves_figure([found, Panel("nothing", "dimensions", {}, [8, 16])])
    assert [len(axes.get_lines()) for axes in figure.axes] == [1, 0]


def trained(count=5, scale=1.0, **more):
    """Lines of a run of two stages, and a part that the second has alone."""
    return [
        {"stage": stage, "step": 100 * i, "seconds": 1.0 * i,
         "losses": {"mse": scale / i} | ({"prior gap": -1.0 * i} if stage == "map" else {})}
        for stage in ("vae", "map") for i in range(1, count + 1)
    ]  # fmt: skip


def test_every_part_of_a_training_has_a_panel():
    figure = training_figure({"ours": trained(), "theirs": trained(3, 9.0)})
    assert [a.get_title(loc="left") for a in figure.axes] == [
        "vae: mse", "map: mse", "map: prior gap",
    ]  # fmt: skip
    (legend,) = figure.legends
    assert [t.get_text() for t in legend.get_texts()] == ["ours", "theirs"]
    first, second = figure.axes[1].get_lines()
    np.testing.assert_allclose(first.get_xydata(), [[100 * i, 1 / i] for i in range(1, 6)])
    np.testing.assert_allclose(second.get_xydata(), [[100 * i, 9 / i] for i in range(1, 4)])
    assert [a.get_yscale() for a in figure.axes] == ["log", "log", "linear"]


def test_a_part_alone_and_runs_that_lack_it(render):
    short = [line for line in trained() if line["stage"] == "vae"]
    figure = training_figure({"a": short, "b": trained(1)}, ["prior gap"])
    (axes,) = figure.axes
    (line,) = axes.get_lines()
    assert line.get_label() == "b" and line.get_marker() == "."  # a single value can be seen
    alone = training_figure({"b": trained(2)}, ["prior gap"])
    assert not alone.legends and has_colour(render(alone), "#3b6fb6")


def test_more_parts_than_stand_in_a_row():
    parts = {f"part {i}": 1.0 for i in range(6)}
    figure = training_figure({"a": [{"stage": "s", "step": 100, "losses": parts}]})
    assert len(figure.axes) == 6
    tops = {round(a.get_subplotspec().get_topmost_subplotspec().rowspan.start) for a in figure.axes}
    assert tops == {0, 1}


def test_trainings_that_cannot_be_drawn():
    with pytest.raises(VvipeError, match="no losses to draw"):
        training_figure({"a": []})
    with pytest.raises(VvipeError, match="'mes'; expected mse, prior gap"):
        training_figure({"a": trained()}, ["mes"])
