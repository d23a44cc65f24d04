"""Papers made from the code say what the code says."""

import pytest

from deploy.docs.events import PAGE, listeners
from shared.contracts.document import events_page
from shared.contracts.event import all_events


@pytest.mark.req("BUS-05")
def test_the_page_of_events_is_that_of_the_code():
    assert PAGE.read_text(encoding="utf-8") == events_page(listeners())


def test_every_handler_listens_to_an_event_that_exists():
    assert set(listeners()) <= set(all_events())
