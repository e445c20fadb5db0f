"""Recordings of real traffic: what a line of one says, what is taken out of it, answering from it."""
