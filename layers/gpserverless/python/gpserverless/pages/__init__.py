"""HTML pages of every protocol: templates, static files, and the headers that keep them harmless."""
