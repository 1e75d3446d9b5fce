"""What a person entered on the pages of a layout, as answers in the form of the API, or what is wrong with it."""

from .answered import Answered, Entered, Fault, UploadedFile
from .read_answers import asked_of, read_answers

__all__ = ["Answered", "Entered", "Fault", "UploadedFile", "asked_of", "read_answers"]
