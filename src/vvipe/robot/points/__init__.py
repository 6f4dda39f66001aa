"""P3-PO: prescribed points as the state of a cloned policy (Levy et al., arXiv 2412.06784).

Points are prescribed on one frame of one demonstration, found again in every other episode, and
followed; where they are is all that the policy is told, so nothing of how things look reaches it.
What is ours: the points are followed by exact projection, by Lucas-Kanade or by a tracker that the
user brings, where the paper has DIFT and CoTracker; and no real robot was moved.
"""
