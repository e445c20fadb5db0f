"""What the text of a journey says at a place."""
