"""For authors of clients, with a sign-in, run as jobs: a file, and a task for publishers."""

from gpserverless import Access, Service

service = Service(execution="async", access=Access(), published_when="PUBLISH_CONFORMANCE", uploads=True)
