"""HTTP with whoever was named and nobody else: every answer is as it was given."""

import urllib.request


def direct_opener() -> urllib.request.OpenerDirector:
    """It follows no redirect, and an error status is an answer for the caller to judge.

    A redirected POST would become a GET, and its answer that of another.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
    ):
        opener.add_handler(handler())
    return opener
