"""`python -m deploy.registryctl SERVICE ...`: the operators' tool, run with the environment of a service."""
