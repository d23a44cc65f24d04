"""A suite to which no owner has supplied the wording of licensed instruments."""

from __future__ import annotations

from contextlib import contextmanager

from pytest import MonkeyPatch

from shared.forms.catalogue import LICENSED_TEXTS, registries


@contextmanager
def no_wordings(folder, *caches):
    """Registries read anew, with an empty folder of texts; `caches` are made of registries and forgotten with them."""
    with MonkeyPatch.context() as patch:
        patch.setenv(LICENSED_TEXTS, str(folder))
        for cache in (registries, *caches):
            cache.cache_clear()
        yield
    for cache in (registries, *caches):
        cache.cache_clear()
