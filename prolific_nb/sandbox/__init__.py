"""A local Prolific over real HTTP, with simulated participants; it judges requests by the API's own description."""

from .participants import People
from .serve import Sandbox

__all__ = ["People", "Sandbox"]
