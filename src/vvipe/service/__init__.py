"""The HTTP service, and its client; FastAPI is imported only by those who serve."""

from vvipe.service.client import Client
from vvipe.service.limits import Limits

__all__ = ["Client", "Limits"]
