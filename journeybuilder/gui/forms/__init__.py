"""Inspector forms, made from what kinds and tools declare."""
