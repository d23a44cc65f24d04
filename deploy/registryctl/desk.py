"""Where an operator works: one service, opened with its own settings, and its change log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from deploy.embedded.suite import settings_of, worker
from deploy.registryctl.broker_letters import BrokerLetters
from deploy.registryctl.file_letters import FileLetters
from deploy.registryctl.letters import Letterbox
from shared.audit.log import Access
from shared.bus.worker import Worker

_LONGEST_OBJECT = 120


class CannotDo(Exception):  # noqa: N818 - says what is
    """Why a command does nothing; told to the operator as it is."""


def letterbox(bus_url: str, service: str) -> Letterbox:
    """The dead letters of a service on a bus of either kind."""
    return (FileLetters if bus_url.startswith("sqlitebus:") else BrokerLetters)(bus_url, service)


@dataclass(frozen=True)
class Desk:
    """One service in the hands of `operator`, with the reason (`why`) for what is done."""

    worker: Worker
    settings: Any
    operator: str
    why: str

    @classmethod
    def open(cls, service: str, env: Mapping[str, str], *, operator: str, why: str) -> Desk:
        """Open a service by its environment."""
        return cls(worker(service, env), settings_of(service, env), operator, why)

    @property
    def service(self) -> str:
        """The service's name."""
        return self.worker.service

    def letterbox(self) -> Letterbox:
        """The service's dead letters, on the bus it uses."""
        return letterbox(self.worker.bus_url, self.service)

    def entry(self, what: str, change: Mapping[str, Any] | None = None) -> Access:
        """A line of the change log, or of the access log if nothing is changed."""
        if change is not None and not self.why:
            raise CannotDo("Say why: --why TEXT. It is kept in the change log.")
        return Access(
            actor=f"operator:{self.operator}",
            role="operator",
            organisation=None,
            registry=None,
            pid=None,
            action="read" if change is None else "write",
            object=what[:_LONGEST_OBJECT],
            reason=self.why,
            change=change,
        )

    def note(self, what: str, change: Mapping[str, Any] | None = None) -> None:
        """Write one line before something is done; without it nothing is."""
        entry = self.entry(what, change)
        with self.worker.uow() as store:
            store.log_access(entry)
