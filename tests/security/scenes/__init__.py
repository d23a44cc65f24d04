"""The five services as scenes."""
