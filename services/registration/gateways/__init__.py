"""The outside world as registration sees it."""
