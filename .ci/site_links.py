"""A hook of MkDocs: what a page links to outside docs/ is named by its place in the repository."""

import re

_OUTSIDE = re.compile(r"\[([^\]]*)\]\(\.\./([^)#\s]+)[^)]*\)")


def on_page_markdown(markdown, **_):
    """Returns the page with such links as words."""
    return _OUTSIDE.sub(r"\1 (`\2`)", markdown)
