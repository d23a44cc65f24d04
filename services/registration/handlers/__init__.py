"""What registration does when another service tells what happened."""
