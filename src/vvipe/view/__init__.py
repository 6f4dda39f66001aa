"""Pictures of poses and the HTML report; importing it loads matplotlib."""

from vvipe.view.draw import draw_pose_2d, draw_pose_3d, fit
from vvipe.view.figures import (
    canonical_figure,
    contact_sheet,
    hypotheses_figure,
    interpolation_figure,
    lifting_figure,
    points_figure,
    retrieval_figure,
    sides_figure,
    space_map,
    training_figure,
    variants_figure,
    views_figure,
)
from vvipe.view.plane import key_poses, to_plane
from vvipe.view.report import Picture, Section, Table, write_report
from vvipe.view.save import picture_bytes, save_figure
from vvipe.view.viewpoint import View

__all__ = [
    "Picture",
    "Section",
    "Table",
    "View",
    "canonical_figure",
    "contact_sheet",
    "draw_pose_2d",
    "draw_pose_3d",
    "fit",
    "hypotheses_figure",
    "interpolation_figure",
    "key_poses",
    "lifting_figure",
    "picture_bytes",
    "points_figure",
    "retrieval_figure",
    "save_figure",
    "sides_figure",
    "space_map",
    "to_plane",
    "training_figure",
    "variants_figure",
    "views_figure",
    "write_report",
]
