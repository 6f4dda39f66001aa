"""Retrieval and lifting metrics, protocols, baselines and tables."""

from vvipe.evaluation.baselines import Keypoints2D, Oracle, Random
from vvipe.evaluation.evaluate import Row, evaluate, rows_to_json
from vvipe.evaluation.protocols import Protocol, load_protocol, protocol_names
from vvipe.evaluation.representation import Lifter, Representation

__all__ = [
    "Keypoints2D",
    "Lifter",
    "Oracle",
    "Protocol",
    "Random",
    "Representation",
    "Row",
    "evaluate",
    "load_protocol",
    "protocol_names",
    "rows_to_json",
]
