"""The verbs and what each does, in a line."""

from collections.abc import Mapping

VERBS = {
    "demo": "See it work: offline, under a minute, ends in a report with pictures.",
    "doctor": "Check versions, processor, precision and weights.",
    "models": "List the models that ship, or tell about one.",
    "detect": "Find people in videos: keypoints, frame by frame.",
    "embed": "Embed 2D keypoints or 3D motion: a vector a pose.",
    "lift": "Lift 2D keypoints to 3D poses.",
    "compare": "Compare two poses or motions, whatever side they were filmed from.",
    "library": "Make, fill and tend a searchable library of poses.",
    "search": "Find in a library the poses like one, whatever side they were filmed from.",
    "align": "Find by how much the clocks of several cameras are apart.",
    "generate": "Make new poses around one.",
    "interpolate": "Go from one pose to another.",
    "convert": "Convert between pose formats and skeletons.",
    "plot": "Draw poses and what the model finds in them.",
    "view": "Look at poses, matches and the space in the browser.",
    "serve": "Answer over HTTP: embed, lift, search, compare, align.",
    "train": "Train a model.",
    "eval": "Measure retrieval and lifting on a protocol.",
    "bench": "Train and measure all models: whole tables by one command.",
    "robot": "Robots: learn from one demonstration, act on points, plan in a moving world.",
}

ACTIONS = {
    "library": {
        "create": "Make an empty library.",
        "add": "Embed files and folders into it.",
        "info": "Tell what is in it.",
        "remove": "Remove clips from it.",
        "optimize": "Join what many additions left in pieces, and free space.",
    },
    "robot": {
        "train": "Train a policy from one demonstration without actions.",
        "eval": "Train and measure: a whole table by one command.",
        "demo": "A person gives a command, a robot obeys; with a film.",
    },
}
"""Verbs that are followed by an action."""


def overview(version: str) -> str:
    """What `vvipe --help` prints."""
    title = f"vvipe {version}: view-invariant human pose embeddings"
    more = "`vvipe VERB --help` tells more; with --json every verb prints one JSON object"
    return _overview(title, "VERB", VERBS, more)


def actions_overview(verb: str) -> str:
    """What `vvipe VERB --help` prints where an action follows."""
    more = f"`vvipe {verb} ACTION --help` tells more; with --json each prints one JSON object"
    return _overview(VERBS[verb], f"{verb} ACTION", ACTIONS[verb], more)


def _overview(title: str, usage: str, words: Mapping[str, str], more: str) -> str:
    width = max(map(len, words))
    lines = [f"  {word:<{width}}  {summary}" for word, summary in words.items()]
    return "\n".join([title, "", f"usage: vvipe {usage} [-h] [OPTIONS]", "", *lines, "", more])
