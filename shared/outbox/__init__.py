"""Events leave with the change that caused them and arrive once: outbox, relay, inbox, replay."""
