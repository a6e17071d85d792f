"""HTML pages of every protocol: templates, the style, and the headers that keep them harmless."""
