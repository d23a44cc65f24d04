"""Where a visitor may be sent back to: a path inside this app and nothing else."""

from urllib.parse import urlsplit

HOME = "/"
LONGEST = 2_000


def safe_return(target: str | None) -> str:
    """Return `target` if it is a path inside this app (without the app's prefix), else the front page."""
    if not target or len(target) > LONGEST or not target.startswith("/"):
        return HOME
    # Browsers read "\" as "/" and drop control characters, so "/\host" and "/<tab>/host" would leave the site.
    if target.startswith(("//", "/\\")) or "\\" in target or any(ord(sign) <= ord(" ") for sign in target):
        return HOME
    try:
        parts = urlsplit(target)
    except ValueError:
        return HOME
    return HOME if parts.scheme or parts.netloc else target
