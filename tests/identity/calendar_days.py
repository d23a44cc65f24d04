"""Days that pass in tests: the clock is moved, and the jobs of access are run by the real runner."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from services.identity.store.tables import KIT
from services.identity.usecases.access_jobs import ACCESS_CRONS, access_jobs
from services.identity.usecases.apply_for_user import WARN_JOB
from services.identity.usecases.messages import SEND_JOB
from services.identity.usecases.sessions import TELL_JOB
from shared.scheduling.jobs import JobRunner, JobWaits


class Calendar:
    """Runs what is due of an identity; messages stay where a test can read them."""

    def __init__(self, identity):
        self._identity = identity
        self._jobs = access_jobs(identity.messages, identity.uow)
        waiting = dict.fromkeys((SEND_JOB, WARN_JOB, TELL_JOB), _wait)
        jobs = {**waiting, **self._jobs}
        self._runner = JobRunner(identity.database, KIT.scheduling, identity.clock, jobs, ACCESS_CRONS)
        self.run()

    def run(self):
        """Run all jobs that are due now."""
        while self._runner.run_due():
            pass

    def go_to(self, moment):
        """Move the clock, and run nothing yet."""
        self._identity.clock.move(moment - self._identity.clock.now())

    def let_pass(self, **values):
        """Let some time go by in one step and run what is due after it."""
        self._identity.clock.move(timedelta(**values))
        self.run()

    def again(self, name):
        """Run the newest job of a name once more, as after a crash between its effects and its end."""
        self._jobs[name](self._identity.jobs(name)[-1])

    def at_once(self, name, times=4):
        """Run the newest job of a name several times side by side, as workers do whose leases ran out."""
        arguments, start = self._identity.jobs(name)[-1], Barrier(times)

        def work(_):
            with self._identity.database.reading():
                start.wait()  # each has its connection
            self._jobs[name](arguments)

        with ThreadPoolExecutor(times) as pool:
            list(pool.map(work, range(times)))


def _wait(_):
    raise JobWaits
