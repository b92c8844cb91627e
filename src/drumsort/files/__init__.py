"""Shared ground: where drumsort keeps its own files, locks, names on disk, hashes, finding."""
