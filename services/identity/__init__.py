"""Identity: users, log-in, roles and the organisation tree; the suite's OpenID Connect provider."""
