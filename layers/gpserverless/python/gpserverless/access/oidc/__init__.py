"""Sign-in at another issuer, by OpenID Connect."""
