"""What the files say, sensible or not: reading with marks, findings, pure edits, writing back."""
