"""Catalogues that turn a folder of motion capture into clips with subject and split."""

from vvipe.datasets.bandai_namco import bandai_namco_catalogue
from vvipe.datasets.clip import Clip, read_clips
from vvipe.datasets.cmu import cmu_catalogue
from vvipe.datasets.collection import catalogue, is_collection, kind_of
from vvipe.datasets.folder import folder_catalogue
from vvipe.datasets.human36m import human36m_catalogue
from vvipe.datasets.mpi_inf_3dhp import mpi_inf_3dhp_catalogue
from vvipe.datasets.root import data_hash, data_root

__all__ = [
    "Clip",
    "bandai_namco_catalogue",
    "catalogue",
    "cmu_catalogue",
    "data_hash",
    "data_root",
    "folder_catalogue",
    "human36m_catalogue",
    "is_collection",
    "kind_of",
    "mpi_inf_3dhp_catalogue",
    "read_clips",
]
