"""Answers that are none: a status and one line that says why."""

from __future__ import annotations

from pydantic import BaseModel


class RefusedError(Exception):
    """A request that is not answered.

    Attributes:
        status: The HTTP status.
        detail: One line.
        headers: Such as `Retry-After`.
    """

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, " ".join(detail.split()), headers or {}


class Problem(BaseModel):
    """What was wrong."""

    detail: str


WHY = {
    400: "The body is no JSON, or no file that can be read.",
    401: "The token is missing or wrong.",
    404: "No such library.",
    408: "The body did not come in time.",
    411: "The body's length is not told.",
    413: "More than one request may hold.",
    415: "Not the content type that is asked for.",
    422: "What was sent cannot be used; the detail names the field.",
    503: "Too many requests at once, or one that takes too long.",
}
"""Statuses and what they mean, for the documentation."""


def described(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Statuses as FastAPI documents them."""
    return {status: {"model": Problem, "description": WHY[status]} for status in statuses}
