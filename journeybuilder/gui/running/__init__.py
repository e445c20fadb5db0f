"""What a rehearsal in the window consists of: how it is set up, how its news come in, who plays whom."""
