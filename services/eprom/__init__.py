"""ePROM: orders, dispatches, links and answers until registration has stored them."""
