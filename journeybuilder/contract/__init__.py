"""What the author of a node kind or a service needs to read, and nothing more."""
