"""Representations, their weights and the registry; torch is imported when a model is loaded."""

from vvipe.embeddings import Embeddings
from vvipe.models.registry import load, model_folder, shipped_models

__all__ = ["Embeddings", "load", "model_folder", "shipped_models"]
