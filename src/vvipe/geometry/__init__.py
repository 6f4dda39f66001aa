"""Geometry of poses."""
