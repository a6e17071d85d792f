"""One call of every tool of Analysis on real data, over HTTP: at once and as a job."""
