"""Trials of a build before it is deployed: the built folders, `sam local` and `sam deploy`.

`make build`, `make test-built`, `make sam-local` and `make deploy-local` use it.
"""
