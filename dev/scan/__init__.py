"""Scanners of others on the sources, the template and the locks; they live in an environment of their own."""
