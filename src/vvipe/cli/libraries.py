"""What the verbs that work on libraries share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.library import Filter, Library


def model_of(library: Library, needs: tuple[str, ...] = ()) -> Any:
    """The model that embedded a library.

    Raises:
        VvipeError: It is gone, or it is another one by now.
    """
    from vvipe.models import load

    store = library.store
    model = load(store.loads, needs=needs)
    if model.id != store.model:
        raise VvipeError(
            f"{store.loads} is another model by now", where=store.uri, expected=store.model,
            got=model.id, hint="make a new library and add the files again",
        )  # fmt: skip
    return model


def filter_of(options: Any) -> Filter:
    """The conditions among a verb's options, those that it has."""
    from vvipe.library import Filter

    names = {"clips": "clip", "sources": "source", "cameras": "camera", "tags": "tag"}
    given = {field: tuple(getattr(options, option, ())) for field, option in names.items()}
    from_s, to_s = (getattr(options, key, None) for key in ("from_s", "to_s"))
    return Filter(**given, from_s=from_s, to_s=to_s)
