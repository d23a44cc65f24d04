"""What the change log says of a form besides its answers. No question is called so: keys begin with a letter."""

from __future__ import annotations

# The internal comment, by the name of its field; the log tells whether there is one, never what it says.
COMMENT = "_comment"
# Unusual values that were confirmed.
CONFIRMED = "_confirmed"
# What came with a patient's answers and did not fit: field, value and warning of each.
MISFITS = "_misfits"
# Answers of a patient that came and were not, or not all, taken into the form.
SET_ASIDE, TOO_LATE, REFUSED = "set_aside", "too_late", "refuse"
# The name a user had then: who reads the history years later may not find the user any more.
BY = "_by"
