"""Two presses at once make one reservation."""

from __future__ import annotations

import threading

import pytest

from tests.reservation.site import SIGRID


@pytest.mark.req("RES-03", "RES-05")
def test_of_two_presses_at_once_one_reserves(both):
    browsers, answers, start = [both.citizen(SIGRID) for _ in range(2)], [], threading.Barrier(2)

    def press(browser):
        start.wait()
        answers.append(browser.send_form("/my/reserve/smertereg").status_code)

    threads = [threading.Thread(target=press, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [303, 422]
    assert len(both.cases()) == 1
