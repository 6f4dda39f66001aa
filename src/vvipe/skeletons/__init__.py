"""Skeletons: joints addressed by name, and the mapping from one skeleton to another."""

from vvipe.skeletons.mapping import map_joints
from vvipe.skeletons.registry import get_skeleton, skeleton_from_joints, skeleton_names
from vvipe.skeletons.skeleton import Skeleton

__all__ = ["Skeleton", "get_skeleton", "map_joints", "skeleton_from_joints", "skeleton_names"]
