"""The bus: the only place that knows kombu. RabbitMQ or one SQLite file, by the address."""
