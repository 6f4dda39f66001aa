import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.path import Path

from vvipe.view.shapes import capsule, disc, hull

places = st.tuples(*[st.floats(-5, 5, width=32)] * 2).map(np.array)
radii = st.floats(0.1, 2)


def area(outline: np.ndarray) -> float:
    x, y = outline.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


@given(places, places, radii, radii)
def test_a_capsule_holds_both_discs_and_the_way_between(a, b, radius_a, radius_b):
    outline = Path(capsule(a, b, radius_a, radius_b))
    for share in np.linspace(0, 1, 9):
        between = a + share * (b - a)
        inside = disc(between, 0.95 * (radius_a + share * (radius_b - radius_a)))
        assert outline.contains_points(inside).all()  # 5 % off: the outline is a polygon


def test_area_of_an_even_capsule():
    outline = capsule(np.zeros(2), np.array([3.0, 4.0]), 0.5, 0.5)
    np.testing.assert_allclose(area(outline), np.pi * 0.25 + 5.0, rtol=0.01)


def test_outlines_run_counter_clockwise():
    a, b = np.zeros(2), np.array([1.0, 0.0])
    for outline in (disc(a, 1.0), capsule(a, b, 0.3, 0.1), hull([disc(a, 1.0), disc(b, 0.5)])):
        assert area(outline) > 0


@given(st.lists(places, min_size=3, max_size=30))
def test_a_hull_is_convex_and_holds_every_point(points):
    discs = [disc(p, 0.5) for p in points]
    outline = hull(discs)
    edges = np.roll(outline, -1, axis=0) - outline
    for corner, edge in zip(outline, edges, strict=True):
        # To the left of every edge lies every point: the definition, term by term.
        for points_of in discs:
            to_point = points_of - corner
            assert (edge[0] * to_point[:, 1] - edge[1] * to_point[:, 0] > -1e-9).all()
