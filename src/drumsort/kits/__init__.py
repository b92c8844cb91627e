"""Export sounds of a library: a folder, a zip, or an instrument for another program."""

from drumsort.kits.export import Export, Kind, export

__all__ = ["Export", "Kind", "export"]
