"""From videos to keypoints."""

from vvipe.video.choosing import DETECTORS, load_detector
from vvipe.video.detections import Detections, Seen, detect
from vvipe.video.detector import Detector
from vvipe.video.frames import Frame, VideoInfo, frames, video_info
from vvipe.video.people import Person, identities, people_of

__all__ = [
    "DETECTORS",
    "Detections",
    "Detector",
    "Frame",
    "Person",
    "Seen",
    "VideoInfo",
    "detect",
    "frames",
    "identities",
    "load_detector",
    "people_of",
    "video_info",
]
