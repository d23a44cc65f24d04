"""How long access lasts without anybody looking at it, and when people are told: all deadlines in one place."""

from __future__ import annotations

from datetime import timedelta

# A role with an end: the user and the coordinator hear of it this long before.
ROLE_END_TOLD_BEFORE = timedelta(days=7)
LONGEST_LIMITED_ROLE = timedelta(days=366)

# The yearly review of an organisation's roles; its reviewers are reminded at these times after it was opened.
REVIEW_EVERY = timedelta(days=365)
REVIEW_REMINDERS = (timedelta(weeks=2), timedelta(weeks=4))
REVIEW_LASTS = timedelta(weeks=6)
REVIEW_WARNED_BEFORE = timedelta(weeks=1)

# An account nobody uses is locked; its owner is told twice before.
IDLE_LOCKED_AFTER = timedelta(days=365)
IDLE_TOLD_BEFORE = (timedelta(days=30), timedelta(days=7))

# Access given at once, without an application.
EMERGENCY_LASTS = timedelta(minutes=60)
