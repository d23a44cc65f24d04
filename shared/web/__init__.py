"""The web kit: one function makes a Flask app with sessions, policy, headers, errors, health, metrics and API pages."""
