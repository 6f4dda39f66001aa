"""A lifted body before the unit camera: projected, turned, and seen from another side.

Bodies here are (..., J, 3) in a camera's axes (x right, y down, z away), about an origin that lies
on the optical axis at `distance` before the camera; the image is at that distance too, so that a
flat body projects onto itself. Turning is written out: a matrix product would be rounded where
networks run in bfloat16. Numpy or torch.
"""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

NEAREST = 1.0  # no joint is nearer to the camera: the image would have no bounds


def to_image(body: Any, distance: float) -> Any:
    """(..., J, 3) -> (..., J, 2) perspective projection, in the body's unit."""
    xp = array_namespace(body)
    depth = xp.clip(distance + body[..., 2:], NEAREST, None)
    return body[..., :2] * (distance / depth)


def on_rays(points: Any, depth: Any, distance: float) -> Any:
    """(..., J, 2) image points, (..., J) depths about the origin -> (..., J, 3) on their rays."""
    xp = array_namespace(points)
    depth = xp.clip(depth, NEAREST - distance, None)[..., None]
    return xp.concat([points * (1 + depth / distance), depth], axis=-1)


def yawed(body: Any, angle_rad: Any) -> Any:
    """Turned about the vertical axis by (...) angles; a quarter turn takes x to -z."""
    xp = array_namespace(body)
    x, y, z = (body[..., i] for i in range(3))
    cos, sin = xp.cos(angle_rad)[..., None], xp.sin(angle_rad)[..., None]
    return xp.stack([x * cos + z * sin, y, z * cos - x * sin], axis=-1)


def pitched(body: Any, angle_rad: Any) -> Any:
    """Turned about the horizontal axis by (...) angles.

    What stands upright before a level camera then stands as one sees it that looks down by the
    angle.
    """
    xp = array_namespace(body)
    x, y, z = (body[..., i] for i in range(3))
    cos, sin = xp.cos(angle_rad)[..., None], xp.sin(angle_rad)[..., None]
    return xp.stack([x, y * cos - z * sin, y * sin + z * cos], axis=-1)


def around(body: Any, elevation_rad: Any, azimuth_rad: Any, elevation_to_rad: Any) -> Any:
    """The body as a camera sees it from another side of the vertical axis.

    Args:
        body: (..., J, 3) as a camera of `elevation_rad` sees it.
        elevation_rad: (...) how far that camera looks down.
        azimuth_rad: (...) how far around the other one stands.
        elevation_to_rad: (...) how far the other one looks down.
    """
    return pitched(yawed(pitched(body, -elevation_rad), azimuth_rad), elevation_to_rad)
