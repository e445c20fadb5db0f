"""What is known where a person writes an expression: names, types, sample values, completion. No Qt."""
