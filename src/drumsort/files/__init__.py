"""Shared ground: drumsort's own folder, locks, names on disk, what files hold."""
