"""The inbox: every event has its effect once and in the order of its aggregate."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.db.errors import DatabaseUnavailable
from shared.observability.faults import crash_point
from shared.observability.log import get_logger
from shared.outbox.inbox_batch import Batch, Behind, BehindFailed, Handler, Outcome, Result
from shared.outbox.unit_of_work import UnitOfWork

__all__ = ["Behind", "Handler", "Inbox", "Outcome", "Result"]
_log = get_logger(__name__)


class Inbox:
    """Takes deliveries for one service."""

    def __init__(self, uow: UnitOfWork[Any], handlers: Mapping[type[Event], Handler]) -> None:
        self._uow, self._handlers = uow, handlers

    def take(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """Apply a batch in one transaction; when one of it fails, each is tried alone."""
        try:
            return self._apply(envelopes)
        except DatabaseUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one of the batch is bad; the next lines find out which
            return [self._alone(envelope) for envelope in envelopes]

    def _alone(self, envelope: Envelope) -> Outcome:
        try:
            return self._apply([envelope])[0]
        except DatabaseUnavailable:
            raise
        except BehindFailed as failed:
            self._note(failed.envelope, failed.error)
            return self._without(failed, envelope)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is told to the bus
            self._note(envelope, type(error).__name__)
            return Outcome(Result.FAILED, type(error).__name__)

    def _without(self, failed: BehindFailed, envelope: Envelope) -> Outcome:
        """Apply a good delivery and leave the bad one behind it parked; the bus is told to try that one by itself."""
        outcome = self._apply([envelope], stop_before=failed.envelope)[0]
        return Outcome(outcome.result, behind=Behind(failed.envelope, failed.error))

    def _apply(self, envelopes: Sequence[Envelope], stop_before: Envelope | None = None) -> list[Outcome]:
        batch = Batch(self._uow, self._handlers, envelopes, stop_before)
        with self._uow.database.transaction() as session:
            outcomes = batch.apply(session)
            crash_point("inbox.before_commit")
        if batch.has_news:
            self._uow.wake()
        return outcomes

    @staticmethod
    def _note(envelope: Envelope, error: str) -> None:
        _log.warning("event failed", event_name=envelope.name, event_id=envelope.id, error=error)
