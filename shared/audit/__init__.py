"""Who saw and who changed what: append-only and chained, so that tampering shows."""
