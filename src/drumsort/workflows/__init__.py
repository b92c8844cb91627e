"""What drumsort does, one module for each verb; each reads as the order of its steps.

The command line, the page and the Python API call these modules and show what they say. A workflow
prints nothing: it reports to a ``Progress``, returns a value, or raises a ``DrumsortError``.
"""
