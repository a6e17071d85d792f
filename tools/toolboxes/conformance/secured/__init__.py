"""For authors of clients, with a sign-in: a file, and a task for publishers."""

from gpserverless import Access, Service

service = Service(execution="sync", access=Access(), published_when="PUBLISH_CONFORMANCE", uploads=True)
