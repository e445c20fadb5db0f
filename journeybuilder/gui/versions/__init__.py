"""Versions of a journey and what differs between them."""
