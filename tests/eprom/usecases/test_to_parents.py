"""A child's form goes to each parent who answers for it: through the channels of each, each message once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from services.eprom.domain.links import link_token, token_hash
from services.eprom.domain.representation import reader_sign, split_token
from services.eprom.store.tables import Base, SentRow
from services.eprom.usecases.messages import FIRST, REMINDER, REST
from services.eprom.usecases.ports import OutsideUnavailable, Recipient
from services.eprom.usecases.send_form import send_form, send_forms
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.laid_tables import lay_tables
from tests.eprom.usecases.world import DISPATCH, SCHEDULE, Channel, World

pytestmark = pytest.mark.req("EPR-04", "EPR-06", "EPR-15")
CHILD, MOTHER, FATHER = "02921099811", "30908249638", "49888549829"
BOTH = (Recipient(MOTHER), Recipient(FATHER))


class Mailboxes(Channel):
    """A channel that leads to some persons only, and remembers whose each letter is."""

    def __init__(self, name, *numbers):
        super().__init__(name)
        self.numbers, self.down_for_whom, self.to = set(numbers), set(), []

    def send(self, recipient, contact, letter):
        if recipient.number in self.down_for_whom:
            raise OutsideUnavailable
        self.reaches = recipient.number in self.numbers
        if self.reaches and letter.message_id not in self.letters:
            self.to.append(recipient.number)
        return super().send(recipient, contact, letter)


class Home(World):
    """Eprom, and a child whose parents registration tells of."""

    def __init__(self, database):
        super().__init__(database)
        self.child = Recipient(CHILD, representatives=BOTH, answers_self=False)
        self.recipients.look_up = self.look_up
        self.helsenorge, self.digipost = Mailboxes("helsenorge"), Mailboxes("digipost", MOTHER, FATHER)
        self.sms = Mailboxes("email_sms", MOTHER, FATHER)
        self.post = replace(self.post, channels={one.name: one for one in (self.helsenorge, self.digipost, self.sms)})
        self.schedules = {"smertereg": replace(SCHEDULE, channels=tuple(self.post.channels))}
        self.clock.move(DISPATCH - self.clock.now())

    def look_up(self, pid, course_id):
        if self.recipients.is_down:
            raise OutsideUnavailable
        return self.child

    def send(self, order_id, kind=FIRST):
        send_form(order_id, kind, post=self.post, uow=self.uow)

    def sent(self):
        with self.database.reading() as session:
            return sorted((row.kind, row.channel) for row in session.scalars(select(SentRow)))


@pytest.fixture
def home(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}/eprom.sqlite")
    lay_tables(engine, Base.metadata)
    yield Home(Database(engine, Base.metadata))
    engine.dispose()


def test_both_get_a_message_of_their_own_once(home):
    order_id = home.order()
    home.send(order_id)
    home.send(order_id)

    assert home.digipost.to == [MOTHER, FATHER]
    assert len(home.digipost.letters) == 2
    assert {one.title for one in home.digipost.letters.values()} == {"first_parent-nb"}
    assert home.sent() == [("first", "digipost")] * 2
    assert home.event_names().count("FormSent") == 1


def test_each_has_a_link_of_the_same_order_and_no_number_stands_in_it(home):
    order_id = home.order()
    home.send(order_id)
    tokens = [split_token(letter.link.rpartition("/")[2]) for letter in home.digipost.letters.values()]

    key = home.post.link_key
    assert {plain for plain, _ in tokens} == {link_token(key, order_id)}
    assert {sign for _, sign in tokens} == {reader_sign(key, order_id, number) for number in (MOTHER, FATHER)}
    assert home.row(order_id).link_hash == token_hash(link_token(key, order_id))
    assert not any(number in str(tokens) for number in (CHILD, MOTHER, FATHER))


def test_each_goes_through_the_channels_that_lead_there(home):
    home.digipost.numbers = {FATHER}
    home.send(home.order())

    assert (home.digipost.to, home.sms.to) == ([FATHER], [MOTHER])
    assert ("digipost", "not_reached", "no_mailbox") in home.attempts()


def test_a_task_at_helsenorge_lies_under_the_child_and_is_for_both(home):
    home.helsenorge.numbers = {CHILD}
    home.send(home.order())

    assert (home.helsenorge.to, home.digipost.to) == ([CHILD], [])
    assert home.sent() == [("first", "helsenorge")]


def test_one_parent_alone_is_enough(home):
    home.child = replace(home.child, representatives=BOTH[:1])
    order_id = home.order()
    home.send(order_id)

    assert (home.digipost.to, home.row(order_id).state) == ([MOTHER], "sent")


@pytest.mark.parametrize(("is_protected", "code"), [(False, "no_representative"), (True, "protected_address")])
def test_without_anybody_who_may_answer_nothing_leaves(home, is_protected, code):
    home.child = replace(home.child, representatives=(), is_protected=is_protected)
    order_id = home.order()
    home.send(order_id)

    assert (home.row(order_id).state, home.row(order_id).code) == ("unreachable", code)
    assert home.attempts() == [("registration", "not_reached", code)]
    assert home.contacts.calls == []


def test_a_parent_with_a_protected_address_is_reached_by_secure_channels_only(home):
    home.child = replace(home.child, representatives=(replace(BOTH[0], is_protected=True), BOTH[1]))
    home.digipost.numbers = set()
    home.send(home.order())

    assert home.sms.to == [FATHER]
    assert ("email_sms", "not_reached", "protected_address") in home.attempts()


def test_while_the_register_is_down_the_form_waits(home):
    home.recipients.is_down = True
    order_id = home.order()
    with pytest.raises(OutsideUnavailable):
        home.send(order_id)

    assert (home.row(order_id).state, home.attempts()) == (
        "waiting",
        [("registration", "outage", "register_outage")],
    )


def test_an_outage_for_one_parent_does_not_keep_the_form_from_the_other(home):
    home.digipost.down_for_whom = {FATHER}
    order_id = home.order()
    send_forms([order_id], FIRST, post=home.post, uow=home.uow)
    assert (home.row(order_id).state, home.digipost.to) == ("sent", [MOTHER])
    assert {"order_id": order_id, "kind": REST} in home.jobs()

    with pytest.raises(OutsideUnavailable):
        home.send(order_id, REST)
    home.digipost.down_for_whom = set()
    home.send(order_id, REST)
    assert home.digipost.to == [MOTHER, FATHER]
    assert {letter.title for letter in home.digipost.letters.values()} == {"first_parent-nb"}


def test_an_outage_for_both_keeps_the_form_back(home):
    home.digipost.down_for_whom = {MOTHER, FATHER}
    order_id = home.order()
    with pytest.raises(OutsideUnavailable):
        home.send(order_id)
    assert home.row(order_id).state == "waiting"

    home.digipost.down_for_whom = set()
    home.send(order_id)
    assert home.digipost.to == [MOTHER, FATHER]


def test_the_reminder_goes_to_who_answers_then(home):
    order_id = home.order()
    home.send(order_id)
    home.child = replace(home.child, representatives=BOTH[1:])
    home.send(order_id, REMINDER)

    assert home.digipost.to == [MOTHER, FATHER, FATHER]
    assert home.sent()[-1] == ("reminder", "digipost")


def test_the_ledger_tells_the_messages_of_two_parents_apart(home):
    order_id = home.order()
    home.send(order_id)
    with home.database.engine.connect() as connection:
        told = connection.exec_driver_sql("SELECT message_id FROM reach_attempt WHERE outcome = 'taken'").all()

    assert {row.message_id for row in told} == set(home.digipost.letters)
