"""A loop or a recording -> its hits: where they begin, where they end, and a picture of that."""
