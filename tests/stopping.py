"""Trainings that are cut off."""


class StoppedError(Exception):
    pass
