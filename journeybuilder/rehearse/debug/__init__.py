"""Holding a rehearsal, looking into it, and taking another way from any of its moments."""
