"""What reading a damaged ZIP file raises: each compression has errors of its own."""

from __future__ import annotations

import zlib
from lzma import LZMAError
from zipfile import BadZipFile

ZIP_FAILURES = (BadZipFile, zlib.error, LZMAError, EOFError, RuntimeError, ValueError, LookupError, OSError)
"""RuntimeError is that of encrypted entries and, as NotImplementedError, of unknown compressions."""
