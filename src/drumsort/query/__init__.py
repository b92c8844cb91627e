"""Questions to a library: what a person types, and the sounds that it finds.

grammar      text -> a ``Query``, or a ``QueryError`` that points at the place
fields       what a query may ask for: one table
values       ``300ms``, ``C2``, ``-12dB`` -> numbers
conditions   a part of a query and all sounds -> which of them it holds for
sounds       all sounds of a catalog as columns
gathered     a catalog -> its sounds as columns
kept         the same, from a file beside the catalog
"""
