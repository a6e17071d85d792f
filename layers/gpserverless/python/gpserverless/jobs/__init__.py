"""The life of a job: a row that moves through a table of legal moves. Rules only; `storage` does the I/O."""
