"""The outside world as this service sees it."""
