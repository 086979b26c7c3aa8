"""Walks of which everything is known, and how a camera sees them."""
