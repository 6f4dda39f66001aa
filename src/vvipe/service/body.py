"""What all requests share: keys that are not known are refused, errors are one line."""

from __future__ import annotations

import difflib
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError, from_json

from vvipe.errors import VvipeError
from vvipe.service.refusals import RefusedError


class Body(BaseModel):
    """An object in a request."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, data: Any) -> Any:
        for key in data if isinstance(data, dict) else ():
            if key not in cls.model_fields:
                near = difflib.get_close_matches(str(key), cls.model_fields, n=1)
                hint = (
                    f"did you mean {near[0]}?" if near else f"known: {', '.join(cls.model_fields)}"
                )
                text = f"unknown key {str(key)[:40]!r}; {hint}"
                raise PydanticCustomError("unknown_key", "{text}", {"text": text})
        return data

    @property
    def rows(self) -> int:
        """Poses in it."""
        return 0

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """The request of a body.

        Raises:
            RefusedError: Not JSON.
            VvipeError: JSON that is no such request; the message names the field.
        """
        try:
            content = from_json(body, allow_inf_nan=False)
        except ValueError as error:
            raise RefusedError(
                400, f"broken JSON ({error}); null stands for what is not seen"
            ) from None
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise VvipeError(first_error(error)) from None


def first_error(error: ValidationError) -> str:
    """The first of the errors, in one line: field, what was expected, what was found."""
    first = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "body"
    message = first["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    plain = first["type"] in ("array", "unknown_key", "missing", "value_error")
    return f"{where}: {message}" + ("" if plain else f"; got {repr(first['input'])[:40]}")
