"""Retrieval and lifting metrics, protocols, baselines and tables."""

from vvipe.evaluation.baselines import (
    BASELINE_NAMES,
    Keypoints2D,
    MeanPose,
    Oracle,
    Random,
    baselines,
)
from vvipe.evaluation.detections import detections_view
from vvipe.evaluation.evaluate import Row, evaluate, evaluate_3d_queries, rows_to_json
from vvipe.evaluation.protocols import Protocol, load_protocol, project, protocol_names
from vvipe.evaluation.representation import Lifter, Representation, rankings

__all__ = [
    "BASELINE_NAMES",
    "Keypoints2D",
    "Lifter",
    "MeanPose",
    "Oracle",
    "Protocol",
    "Random",
    "Representation",
    "Row",
    "baselines",
    "detections_view",
    "evaluate",
    "evaluate_3d_queries",
    "load_protocol",
    "project",
    "protocol_names",
    "rankings",
    "rows_to_json",
]
