"""Panels: views in a notebook over plain Python values, each of which shows the code that does the same."""

from .composer import Composer
from .connection import Connection
from .data import Data
from .desk import Desk, Studio, studio
from .launch import Launch
from .plan import Plan
from .results import Results
from .state import Held

__all__ = ["Composer", "Connection", "Data", "Desk", "Held", "Launch", "Plan", "Results", "Studio", "studio"]
