"""Who somebody is and what they may do: principals, the policy file, OpenID Connect, tokens between services."""
