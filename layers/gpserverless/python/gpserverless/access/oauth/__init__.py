"""OAuth 2: the sign-in page's state, codes, and refresh tokens."""
