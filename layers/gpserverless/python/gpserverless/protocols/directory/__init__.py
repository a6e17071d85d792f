"""The services directory: pages for people, drawn of the documents that programs get."""
