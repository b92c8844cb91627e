"""One function for each endpoint: it takes the context and a request, and returns the response."""
