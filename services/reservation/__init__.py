"""Reservation and the other rights of the registered: cases, deadlines, block list, letters."""
