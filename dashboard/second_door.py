"""The second front door: a city's own identity provider (OpenID Connect)."""

from starlette.routing import Route


def title() -> str:
    """What the sign-in page calls the other way in; empty where none is configured."""
    return ""


def routes() -> list[Route]:
    return []
