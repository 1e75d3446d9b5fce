from ...routes.participate.conftest import make

__all__ = ["make"]
