"""Which columns of which service are sealed by a key ring, and what each value is bound to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.identity.app import SEAL_KEYS
from services.identity.store.factor_tables import AppRow, PasskeyRow
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.lost_phone_tables import LostPhoneRow
from services.identity.store.tables import ApplicationRow, MessageRow, UserRow
from services.registration.app import PERSON_KEYS
from services.registration.store.person_tables import ClaimRow, PersonRow
from services.reservation.app import NUMBER_KEYS
from services.reservation.store.tables import CaseRow

Binding = Callable[[Any], str]


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns: the setting that holds its database's address, and each column's binding."""

    row: type[Any]
    columns: Mapping[str, Binding]
    address: str = "database_url"


@dataclass(frozen=True)
class SealedBy:
    """What one file of keys seals, under one purpose."""

    file: str
    purpose: str
    tables: tuple[SealedTable, ...]


def _of_user(column: str) -> Binding:
    return lambda row: f"user/{row.user_name_hash}/{column}"


SEALED: Mapping[str, SealedBy] = {
    "identity": SealedBy(
        SEAL_KEYS,
        "identity/staff",
        (
            SealedTable(UserRow, {name: _of_user(name) for name in ("user_name", "full_name", "mobile", "email")}),
            SealedTable(ApplicationRow, {"details": lambda row: f"application/{row.application_id}"}),
            SealedTable(MessageRow, {"content": lambda row: f"message/{row.message_id}"}),
            SealedTable(AttemptRow, {"wanted": lambda row: f"wanted/{row.user_id}/{row.purpose}"}),
            SealedTable(LostPhoneRow, {"mobile": lambda row: f"wanted/{row.user_id}/mobile"}),
            SealedTable(AppRow, {"secret": lambda row: f"authenticator_app/{row.user_id}"}),
            SealedTable(PasskeyRow, {"name": lambda row: f"passkey/{row.credential_hash}"}),
        ),
    ),
    # A person's values are sealed by the person's own key; the master key seals those keys.
    "registration": SealedBy(
        PERSON_KEYS,
        "person-keys",
        (
            SealedTable(PersonRow, {"data_key": lambda row: str(row.number_hash)}, "persons_database_url"),
            SealedTable(ClaimRow, {"data_key": lambda row: str(row.binding)}, "persons_database_url"),
        ),
    ),
    "reservation": SealedBy(
        NUMBER_KEYS, "reservation-number", (SealedTable(CaseRow, {"sealed_number": lambda row: f"case:{row.case_id}"}),)
    ),
}
