"""The broker's own part of a flow: prepared bytes go in on one side and come out on the other, no database."""

from __future__ import annotations

from tests.benchmarks import raw_amqp
from tests.benchmarks.bench_publish import envelopes, prepared_frames
from tests.benchmarks.peers.turn import take_part


def relay(settings, turn):
    frames = prepared_frames(envelopes(settings["count"]), settings["exchange"])
    connection = raw_amqp.RawConnection(settings["bus"])
    connection.channel.confirm_select()
    turn.await_start()
    raw_amqp.publish(connection, frames)
    turn.done()


def consume(settings, turn):
    connection = raw_amqp.RawConnection(settings["bus"])
    turn.ready()
    raw_amqp.consume(connection, settings["queue"], settings["count"])
    turn.done()


if __name__ == "__main__":
    take_part(relay, consume)
