"""``drumsort browse``: a page on the loopback, and the server that it talks to.

``docs/page.md`` says what the two say to each other. ``guard.py`` decides who may ask at all,
``app.py`` which function answers, ``studio.py`` holds what they all work on.
"""
