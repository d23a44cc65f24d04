"""What eprom does when another service tells what happened."""
