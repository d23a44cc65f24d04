"""Letters on paper from the sending to the typing of their codes."""

from __future__ import annotations

import re
from dataclasses import replace

from services.eprom.domain.reach import PAPER
from tests.eprom.site import INGER, Site
from tests.eprom.usecases.world import DISPATCH
from tests.ui.pdf_text import pdf_text

REGISTRY, FORM, PAPER_DAYS = "norpain", "baseline", 35
HOME = {"name": "Inger Fjellstrand", "line": "Solsvingen 8", "postcode": "0150", "city": "Oslo"}
_CODE = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4} ){6}[0-9A-HJKMNP-TV-Z]{4}")


class PaperSite(Site):
    """A registry writes on paper too. Inger is reached by no other channel, and registration knows where she lives."""

    def __init__(self, folder, database_url):
        super().__init__(folder, database_url)
        self.registration.homes[INGER] = HOME

    def adapted(self, parts):
        told = parts.means.schedules[REGISTRY]
        waits = replace(told.waits, paper_lock_days=PAPER_DAYS)
        schedules = {**parts.means.schedules, REGISTRY: replace(told, channels=(*told.channels, PAPER), waits=waits)}
        return replace(parts, means=replace(parts.means, schedules=schedules))

    def on_paper(self, course_id=1, pid=INGER):
        """A form that left by letter."""
        order_id = self.order(pid, FORM, course_id, REGISTRY)
        self.work_until(max(DISPATCH, self.clock.now()))
        return order_id

    def letters(self):
        """The words of the letters that were posted, newest first."""
        ids = [message["files"][0]["id"] for message in self.inbox(channel="letter")]
        return [pdf_text(self.standins.test_client().get(f"/inbox/files/{file_id}").data) for file_id in ids]

    def code(self):
        """The code in the newest letter."""
        return _CODE.search(self.letters()[0])[0]

    def attempts(self):
        """The reach ledger: channel, outcome, code of each attempt."""
        with self.database.engine.connect() as connection:
            query = "SELECT channel, outcome, code FROM reach_attempt ORDER BY attempt_id"
            return [tuple(row) for row in connection.exec_driver_sql(query)]


def type_code(browser, typed):
    """Type the code of a letter on the front page."""
    return browser.send_form("/", {"letter_code": typed})
