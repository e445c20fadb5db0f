"""A checked journey made ready to run, and the bundle that carries it."""
