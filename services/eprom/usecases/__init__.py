"""What makes eprom do something; one verb a module."""
