"""Whether the installed kernel can run panels."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

SENTENCE = (
    "ipykernel {found} does not run callbacks of other threads, so panels may not update and buttons may have no "
    "effect. Install another version, then restart the kernel: pip install 'ipykernel!=7.0.*'."
)


def kernel_fault() -> str:
    """What is wrong with the installed ipykernel, and what to do; "" if nothing is known to be."""
    try:
        found = version("ipykernel")
    except PackageNotFoundError:
        return ""
    # The routing of output and messages of threads changed in 7.1: https://github.com/ipython/ipykernel/pull/1451
    return SENTENCE.format(found=found) if found.startswith("7.0.") else ""
