"""The production profile on one machine: a private PostgreSQL and RabbitMQ, a web and a worker process a service."""
