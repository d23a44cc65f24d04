"""Take what the national ePROM tells of an order: in any sequence, as often as it comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.eprom.domain.misfit import MOST
from services.eprom.domain.national import NATIONAL, News, NotificationChannel, Standing, Status
from services.eprom.domain.order import OUT, OrderState, is_open
from services.eprom.domain.reach import ReachCode
from services.eprom.domain.schedule import Schedule
from services.eprom.store.national import change_standing, order_told_of, orders_never_told_of
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import NationalRow, OrderRow
from services.eprom.usecases.hand_in import hand_in
from services.eprom.usecases.messages import FIRST, SEND_JOB
from services.eprom.usecases.national_answers import form_of_order, national_document
from services.eprom.usecases.place_order import stop_rows
from shared.contracts.eprom import DeliveryFailed
from shared.observability.log import get_logger
from shared.outbox.unit_of_work import UnitOfWork

NEWS_COME_FOR = timedelta(days=7)
_log = get_logger(__name__)


@dataclass(frozen=True)
class _Told:
    """One piece of news beside the rows it is about."""

    store: Store
    known: NationalRow
    row: OrderRow
    news: News
    schedules: Mapping[str, Schedule]

    @property
    def standing(self) -> Standing:
        return Standing(self.known.standing)

    def change(self, standing: Standing) -> None:
        change_standing(self.store, self.known, standing)

    def go_on(self) -> None:
        """Have the message looked at again, now that it is known whether it reached the person."""
        key = f"{NATIONAL}:{self.known.key}:{self.known.standing}"
        self.store.enqueue(SEND_JOB, key=key, order_id=self.row.order_id, kind=FIRST)


def take_news(news: News, *, schedules: Mapping[str, Schedule], uow: UnitOfWork[Store]) -> bool:
    """Note the news and tell whether it need not be told again; False for an order that is not known here (yet)."""
    with uow() as store:
        known = order_told_of(store, news.form_order_id)
        if known is None:
            _log.warning("news of an unknown national order", status=news.status)
            return False
        if news.channel is not NotificationChannel.NONE:
            known.channel = news.channel
        return _TAKE[news.status](_Told(store, known, store.order(known.order_id), news, schedules))


def close_untold(*, schedules: Mapping[str, Schedule], uow: UnitOfWork[Store]) -> int:
    """End orders that should have ended a week ago, the longest that news are told again; returns how many."""
    with uow() as store:
        rows = orders_never_told_of(store, store.now - NEWS_COME_FOR)
        for row in rows:
            stop_rows(store, [row], schedules[row.registry_key].not_answered_reason)
        return len(rows)


def _reached(told: _Told) -> bool:
    if told.standing is Standing.TAKEN:
        told.change(Standing.REACHED)
        told.go_on()
    return True


def _lost(told: _Told) -> bool:
    """The person was not reached: another channel may be; or not after all, which a person must hear."""
    if told.standing is Standing.TAKEN:
        told.change(Standing.UNREACHABLE)
        told.go_on()
    elif told.standing is Standing.REACHED:
        told.change(Standing.ENDED)
        row = told.row
        if row.state in OUT | {OrderState.WAITING}:
            told.store.emit(
                DeliveryFailed(
                    order_id=row.order_id,
                    course_id=row.course_id,
                    pid=row.pid,
                    form=row.form,
                    channel=NATIONAL,
                    code=ReachCode.NOT_REACHED,
                )
            )
    return True


def _over(told: _Told) -> bool:
    told.change(Standing.ENDED)
    if told.row.state in OUT | {OrderState.WAITING}:
        stop_rows(told.store, [told.row], told.schedules[told.row.registry_key].not_answered_reason)
    return True


def _completed(told: _Told) -> bool:
    if told.row.state == OrderState.WAITING and told.standing is not Standing.UNREACHABLE:
        # That it was sent is noted first; they tell of the answers again in a minute.
        _reached(told)
        return False
    told.change(Standing.ENDED)
    handed_in_at = min(told.news.handed_in_at or told.store.now, told.store.now)
    if is_open(order_of(told.row), handed_in_at):
        _keep(told, told.row)
    else:
        _log.info("answers of an order that has ended", order_id=told.row.order_id, state=told.row.state)
    return True


def _keep(told: _Told, row: OrderRow) -> None:
    """Hand the answers on as those that were given here."""
    store, news = told.store, told.news
    handed_in_at = min(news.handed_in_at or store.now, store.now)
    form = form_of_order(store, row)
    document, misfits = national_document(form, news.answers or {}, handed_in_at)
    if misfits:
        fields = [one.field for one in misfits if one.field in form.questions]
        _log.warning("national answers that do not fit the form", order_id=row.order_id, questions=fields)
    told_along = [*misfits, *news.warnings][:MOST]
    hand_in(
        store,
        row,
        document,
        definition_version=form.version,
        at=handed_in_at,
        filled_out_by=news.filled_out_by,
        misfits=told_along,
    )


def _nothing(told: _Told) -> bool:
    _ = told
    return True


_TAKE: Mapping[Status, Callable[[_Told], bool]] = {
    Status.ORDERED: _reached,
    Status.ERROR: _lost,
    Status.PHYSICAL_MAIL_RETURNED: _lost,
    Status.EXPIRED: _over,
    Status.COMPLETED: _completed,
    Status.DIGIPOST_DELIVERED: _nothing,
}
