"""Many scenarios side by side, in processes, and their result."""
