"""A window of its own for the page: Qt's WebEngine around it, and what a browser may not do.

Only this room knows Qt, which comes with the extra ``window``.
"""
