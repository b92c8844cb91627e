"""``drumsort browse``: a page on the loopback, and the server that it talks to.

``protocol/`` declares every request and every response, ``app.py`` says which handler serves which,
and ``guard.py`` decides who may ask at all. The handlers work on one ``Context``: the catalog, its
sounds in memory (``LiveSounds``, which gives a ``Snapshot`` at any time), and the job that runs.
"""
