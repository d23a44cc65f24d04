"""What the national ePROM does by itself: distributes orders, ends those nobody answered, and tells the orderers."""

from __future__ import annotations

import threading

import requests

from deploy.standins.national_news import as_sent
from deploy.standins.national_orders import distribute, expire_overdue, order_in
from deploy.standins.national_tasks import Task, end_task, put_back, switches, take_task
from deploy.standins.parts import Parts

PAUSE_SECONDS = 1.0
_TIMEOUT_SECONDS = (3.05, 20)
_OK = 200


class NationalWorker:
    """Works in a thread of its own until told to stop."""

    def __init__(self, made: Parts) -> None:
        self._made = made
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="national", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after what is under way."""
        self._stop.set()
        self._thread.join(timeout=sum(_TIMEOUT_SECONDS))

    def _run(self) -> None:
        while not self._stop.wait(PAUSE_SECONDS):
            work(self._made)


def work(made: Parts) -> int:
    """Do everything that is due, each thing once; returns how many news were acknowledged."""
    expire_overdue(made)
    tried: set[str] = set()
    while (task := take_task(made, is_telling=False, tried=tried)) is not None:
        tried.add(task.key)
        distribute(made, task.order_id)
        with made.store.transaction() as transaction:
            end_task(transaction, task)
    taken = 0
    while (task := take_task(made, is_telling=True, tried=tried)) is not None:
        tried.add(task.key)
        taken += _tell(made, task)
    return taken


def _tell(made: Parts, task: Task) -> bool:
    """Tell one piece of news; anything but a confirmed receipt is tried again later."""
    error = _put(made, task)
    if error:
        put_back(made, task, error)
        return False
    with made.store.transaction() as transaction:
        end_task(transaction, task)
    return True


def _put(made: Parts, task: Task) -> str:
    """Return what went wrong, or an empty text."""
    with made.store.reading() as transaction:
        orderer, all_names = order_in(transaction, task.order_id)["orderer"], switches(transaction).all_names
    client = made.clients.find(orderer)
    if client is None or client.address is None:
        return "no address"
    body = as_sent(task.body or {}, made.clients.order_key(orderer), all_names=all_names)
    try:
        reply = made.http.put(f"{client.address}/api/PromsFormOrder", json=body, timeout=_TIMEOUT_SECONDS)
        is_taken = reply.status_code == _OK and reply.json() == {"success": True}
    except (requests.RequestException, ValueError) as error:
        return type(error).__name__
    return "" if is_taken else f"http {reply.status_code}"
