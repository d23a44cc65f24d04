"""What happens when another service tells what happened."""
