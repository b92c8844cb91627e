"""What the page and the server say to each other, declared once.

``endpoints.py`` lists every endpoint with its parameters and its response; the other modules hold
the structs. The server checks requests against them, and ``page/src/api/types.ts`` is made from
them: after a change here, run ``python -m drumsort.web.typescript page/src/api/types.ts``.
"""
