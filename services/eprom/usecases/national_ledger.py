"""Remember each order at the national ePROM from before the call, so that none is placed twice."""

from __future__ import annotations

from datetime import timedelta

from services.eprom.domain.national import Standing
from services.eprom.store.national import change_standing, forget_national_order, national_order
from services.eprom.store.store import Store
from services.eprom.store.tables import NationalRow
from shared.outbox.unit_of_work import UnitOfWork

_CALL_LASTS = timedelta(minutes=1)


class OrderLedger:
    """The table of national orders, a transaction for each entry: what is written down stays, whatever crashes."""

    def __init__(self, uow: UnitOfWork[Store]) -> None:
        self._uow = uow

    def begin(self, key: str, order_id: str) -> Standing | None:
        """Where the order stands; None when it is new. A call that was cut off long ago has an unknown outcome."""
        with self._uow() as store:
            row = national_order(store, key)
            if row is None:
                store.add(NationalRow(key=key, order_id=order_id, standing=Standing.ASKED, changed_at=store.now))
                return None
            if row.standing == Standing.ASKED and store.now - row.changed_at > _CALL_LASTS:
                change_standing(store, row, Standing.UNKNOWN)
            return Standing(row.standing)

    def settle(self, key: str, standing: Standing, form_order_id: str | None = None) -> None:
        """Write down what the call came to."""
        with self._uow() as store:
            row = national_order(store, key)
            if row is not None and row.standing == Standing.ASKED:
                row.form_order_id = form_order_id
                change_standing(store, row, standing)

    def take_back(self, key: str) -> None:
        """Forget a call that for certain placed no order."""
        with self._uow() as store:
            forget_national_order(store, key)
