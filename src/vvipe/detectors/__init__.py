"""What detectors of 2D keypoints do to them: noise fitted on real detections, and its fit."""
