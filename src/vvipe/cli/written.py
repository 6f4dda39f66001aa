"""What writing a file changed or assumed, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vvipe.cli.terminal import listed, note

if TYPE_CHECKING:
    from vvipe.formats.format import Report

_WORTH_TELLING_MM = 1.0


def tell(report: Report) -> None:
    """Says on standard error what a writer reports (`formats.write`)."""
    largest = report.get("largest_error_mm", 0.0)
    if largest > _WORTH_TELLING_MM:
        note(
            f"bones keep their length in BVH: joints lie {report['mean_error_mm']:.1f} mm off on"
            f" average, {largest:.0f} mm at most (exact with --bvh-bones moving)"
        )
    if "left_out" in report:
        note(f"joints left out: {listed(report['left_out'])}")
    if "filled_rows" in report:
        note(f"joints not seen were filled in, in {report['filled_rows']} rows")
    if "assumed_fps" in report:
        note(f"the frame rate is not told; written as {report['assumed_fps']:g}")
    if "uneven_ms" in report:
        note(f"frames came at an uneven rate; moved by up to {report['uneven_ms']:g} ms")
