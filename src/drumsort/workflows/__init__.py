"""The order of each thing that drumsort does; a module reads as one screen."""
