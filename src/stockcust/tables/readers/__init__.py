"""Files as parts: what stands in them, before anything is judged."""
