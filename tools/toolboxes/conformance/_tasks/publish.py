"""A task that not every caller of its service may run."""

from gpserverless import Access, Role, tool


@tool(access=Access(role=Role.PUBLISHER))
def publish() -> str:
    """Tell that the caller is a publisher."""
    return "published"
