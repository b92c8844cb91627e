"""Some sounds of a library -> a folder, a zip, or an instrument that another program loads."""

from drumsort.kits.export import Export, Kind, export

__all__ = ["Export", "Kind", "export"]
