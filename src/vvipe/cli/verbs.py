"""The verbs and what each does, in a line."""

VERBS = {
    "demo": "See it work: offline, under a minute, ends in a report with pictures.",
    "doctor": "Check versions, processor, precision and weights.",
    "models": "List the models that ship, or tell about one.",
    "embed": "Embed 2D keypoints or 3D motion: a vector a pose.",
    "lift": "Lift 2D keypoints to 3D poses.",
    "compare": "Compare two poses or motions, whatever side they were filmed from.",
    "generate": "Make new poses around one.",
    "interpolate": "Go from one pose to another.",
    "convert": "Convert between pose formats and skeletons.",
    "plot": "Draw poses and what the model finds in them.",
    "train": "Train a model.",
    "eval": "Measure retrieval and lifting on a protocol.",
    "bench": "Train and measure all models: whole tables by one command.",
}


def overview(version: str) -> str:
    """What `vvipe --help` prints."""
    width = max(map(len, VERBS))
    return "\n".join(
        [
            f"vvipe {version}: view-invariant human pose embeddings",
            "",
            "usage: vvipe VERB [-h] [OPTIONS]",
            "",
            *(f"  {verb:<{width}}  {summary}" for verb, summary in VERBS.items()),
            "",
            "`vvipe VERB --help` tells more; with --json every verb prints one JSON object",
        ]
    )
