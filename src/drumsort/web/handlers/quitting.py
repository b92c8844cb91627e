"""Ending the server."""

from drumsort.web.context import Context
from drumsort.web.protocol.fields import Done, Nothing
from drumsort.web.request import Request


def quit_server(context: Context, request: Request[Nothing]) -> Done:
    """End the server, once it has answered."""
    context.quit()
    return Done()
