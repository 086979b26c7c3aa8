"""Angles of a cheap sensor refined toward those of motion capture."""
