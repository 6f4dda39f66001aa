"""The figures of the package, one a file; each returns a matplotlib `Figure`."""

from vvipe.view.figures.alignment import AlignedPair, alignment_figure, strip_figure
from vvipe.view.figures.canonical import canonical_figure
from vvipe.view.figures.comparison import comparison_figure
from vvipe.view.figures.contact_sheet import contact_sheet
from vvipe.view.figures.curves import Panel, curves_figure
from vvipe.view.figures.found import found_figure
from vvipe.view.figures.hypotheses import hypotheses_figure
from vvipe.view.figures.interpolation import interpolation_figure
from vvipe.view.figures.lifting import lifting_figure
from vvipe.view.figures.points import points_figure
from vvipe.view.figures.retrieval import retrieval_figure
from vvipe.view.figures.sides import sides_figure
from vvipe.view.figures.space_map import space_map
from vvipe.view.figures.training import training_figure
from vvipe.view.figures.variants import variants_figure
from vvipe.view.figures.views import views_figure

__all__ = [
    "AlignedPair",
    "Panel",
    "alignment_figure",
    "canonical_figure",
    "comparison_figure",
    "contact_sheet",
    "curves_figure",
    "found_figure",
    "hypotheses_figure",
    "interpolation_figure",
    "lifting_figure",
    "points_figure",
    "retrieval_figure",
    "sides_figure",
    "space_map",
    "strip_figure",
    "training_figure",
    "variants_figure",
    "views_figure",
]
