"""Logs, metrics, traces and fault points."""
