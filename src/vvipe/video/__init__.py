"""From videos to keypoints."""

from vvipe.video.frames import Frame, VideoInfo, frames, video_info

__all__ = ["Frame", "VideoInfo", "frames", "video_info"]
