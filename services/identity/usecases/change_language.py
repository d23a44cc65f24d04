"""Choose the language of the own pages and messages."""

from __future__ import annotations

from services.identity.domain.account import LANGUAGES
from services.identity.domain.errors import FormRefused
from services.identity.store.store import Store
from services.identity.usecases.acting import log_own_act
from shared.outbox.unit_of_work import UnitOfWork


def change_language(user_id: int, language: str, *, uow: UnitOfWork[Store]) -> None:
    """Change it at once; raises FormRefused for one we do not speak."""
    if language not in LANGUAGES:
        raise FormRefused({"language": "not_in_list"})
    with uow() as store:
        user = store.users.get(user_id)
        log_own_act(store, user_id, "language", {"language": [user.language, language]})
        user.language = language
