"""`vvipe plot`: pictures of poses and of what the model finds in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.inputs import FILMS, check_output, check_picture
from vvipe.cli.parsing import File, Flag, Json, Model, Name, Number, Out, Several, Whole, WidthMm
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = Literal[
    "retrieval",
    "lift",
    "views",
    "canonical",
    "interpolation",
    "variants",
    "map",
    "sequence",
    "sides",
    "hypotheses",
    "points",
    "training",
    "film",
]
NEEDS: dict[str, tuple[str, ...]] = {
    "retrieval": (),
    "interpolation": ("interpolate", "decode"),
    "variants": ("generate", "decode"),
    "hypotheses": ("hypotheses",),
    "points": ("points", "turned_views"),
}
"""What a model must be able to do for a kind; for the others, to lift."""
ONLY_FOR = {
    "beside": ("film", "training"),
    "part": ("training",),
    "orbit": ("film",),
    "fps": ("film",),
    "height": ("film",),
    "scale": ("hypotheses",),
    "by_file": ("map",),
    "layout": ("map",),
    "ranking": ("retrieval", "map"),
}


@dataclass(frozen=True)
class Options:
    """Draws a picture or a film; 3D motion is filmed by virtual cameras where keypoints are needed.

    retrieval: poses found among those of --among, or of the input's other moments or camera.

    lift: 2D keypoints and the lifted body; beside the true one for 3D input, or with --true.

    views: 3D poses as four cameras see them, and what each view is lifted to.

    canonical: poses before and after they are put into one frame of reference.

    interpolation: from --frame to --frame-to, or to the pose of --to.

    variants: new poses around one. map: the space, ten key poses. sequence: poses along a clip.

    sides: one pose lifted, and that body seen again from all around the vertical axis.

    hypotheses: bodies that one view may mean, as a variational vae-gan model samples them.

    points: what a geometry-aware model makes of one view while the camera goes round.

    training: how the parts of the loss went in the run that `train` wrote, and in --beside others.

    film: the motion, moment by moment, lifted if it is 2D; beside its video, or another motion,
    which then shows the moment that is the same in it.

    Example: vvipe plot film keypoints.npz --beside video.mp4 -o film.mp4

    Attributes:
        kind: What to draw.
        input: A file, OpenPose folder or video; for map, any folder of files too; for interpolation
            and variants, the name of one of the model's prototypes too; for training, a run's
            folder.
        out: .png, .pdf or .svg; a film .mp4 or .gif.
        frame: Frame number; by default the first that can be embedded, or several for retrieval.
        among: retrieval: where to search.
        true: lift: the true 3D poses of 2D input, as many.
        to: interpolation: the pose to go to, as for the input.
        frame_to: interpolation: frame number there; by default the last that can be embedded.
        count: How many poses to draw; of hypotheses, for each pose.
        worst: retrieval, lift, views: those that come out worst, by the true poses.
        part: training: a part of the loss, by default all of them; may be repeated.
        beside: film: a video of the motion named before it, or another motion; training: another
            run; may be repeated.
        orbit: film: degrees a second by which the viewer goes around.
        fps: film: this many frames a second at most; by default all, 25 for .gif.
        height: film: pixels of its panels, 540 by default.
        scale: hypotheses: how many times the model's own spread they are drawn with; 1 by default.
        by_file: map: colours tell files, or what their names begin with, not the nearest key pose.
        layout: map: pca, tsne or umap; by default t-SNE or UMAP where it is installed, else PCA.
        ranking: retrieval, map: the model's other distance, where it has one: euclidean of vvipe,
            procrustes of lifter, latent of vae-gan.
        skeleton: What the joints are, where a file does not say or says it wrong.
    """

    kind: Annotated[KINDS, tyro.conf.Positional]
    input: Annotated[str, tyro.conf.Positional]
    out: Out
    frame: Whole = None
    among: File = None
    true: File = None
    to: Name = None
    frame_to: Whole = None
    count: Whole = None
    worst: Flag = False
    part: Several = ()
    beside: Several = ()
    orbit: Number = None
    fps: Number = None
    height: Whole = None
    scale: Number = None
    by_file: Flag = False
    layout: Name = None
    ranking: Name = None
    width_mm: WidthMm = None
    model: Model = "vvipe"
    skeleton: Name = None
    json: Json = False


def run(options: Options) -> Answer:
    """Draws one picture."""
    inputs = [Path(i) for i in (options.input, options.among, options.true, options.to) if i]
    if options.kind == "film":
        inputs += map(Path, options.beside)
        check_output(options.out, FILMS, *inputs)
    else:
        check_picture(options.out, options.width_mm, *inputs)
    _check_for(options)
    if options.count is not None and options.count < 1:
        raise VvipeError("--count must be at least 1", got=options.count)
    if options.kind == "training":
        return _drawn(options, _training(options))
    from vvipe.models import load

    model = load(options.model, needs=NEEDS.get(options.kind, ("lift",)))
    if options.ranking is not None:
        model = _ranking(model, options.ranking)
    if options.kind == "film":
        from vvipe.cli.film import film

        return film(options, model)
    from vvipe.cli import pictures

    return _drawn(options, pictures.DRAW[options.kind](options, model))


def _drawn(options: Options, figure: Figure) -> Answer:
    from vvipe.view import save_figure

    save_figure(figure, options.out, options.width_mm)
    return Answer({"out": options.out, "kind": options.kind}, f"{options.out}: {options.kind}")


def _training(options: Options) -> Figure:
    from vvipe.training.loss_history import read_losses
    from vvipe.view import training_figure

    folders = dict.fromkeys((options.input, *options.beside))
    return training_figure({name: read_losses(Path(name)) for name in folders}, options.part)


def _check_for(options: Options) -> None:
    """Options that belong to other kinds are no silent mistake."""
    foreign = [name for name, kinds in ONLY_FOR.items() if options.kind not in kinds]
    for name in (*foreign, *["width_mm"] * (options.kind == "film")):
        if getattr(options, name) != getattr(Options, name):
            raise VvipeError(f"--{name.replace('_', '-')} is not for {options.kind}")


def _ranking(model: Any, name: str) -> Any:
    """The model, measuring distances in another way."""
    others = model.others() if hasattr(model, "others") else ()
    known = {getattr(m, "ranking", "its own"): m for m in (model, *others)}
    if name not in known:
        raise VvipeError(f"no ranking {name!r}", where=model.folder, expected=" or ".join(known))
    return known[name]
