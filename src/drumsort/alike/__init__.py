"""Which sounds are alike: neighbours by embedding, duplicates, near-duplicates."""
