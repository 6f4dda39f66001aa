"""What the verbs that work on libraries share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vvipe.library import Filter, Library


def model_of(library: Library, needs: tuple[str, ...] = ()) -> Any:
    """The model that embedded a library.

    Raises:
        VvipeError: It is gone, or it is another one by now.
    """
    return library.store.load_model(needs)


def filter_of(options: Any) -> Filter:
    """The conditions among a verb's options, those that it has."""
    from vvipe.library import Filter

    names = {"clips": "clip", "sources": "source", "cameras": "camera", "tags": "tag"}
    given = {field: tuple(getattr(options, option, ())) for field, option in names.items()}
    from_s, to_s = (getattr(options, key, None) for key in ("from_s", "to_s"))
    return Filter(**given, from_s=from_s, to_s=to_s)
