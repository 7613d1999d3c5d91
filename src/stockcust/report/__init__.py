"""Running notebooks, one per branch, into reports; nothing in here knows statistics."""
