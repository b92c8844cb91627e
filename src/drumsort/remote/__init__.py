"""Sounds in stores: by URL, through fsspec, which is imported only once there is such a sound.

``place`` reads and writes their names. ``stores`` lists and fetches, many objects at once and with
patience; ``file`` is an object that is open for reading. ``Url`` puts them together, as a path.
"""

from drumsort.remote.url import Url, as_path, is_url, resolved

__all__ = ["Url", "as_path", "is_url", "resolved"]
