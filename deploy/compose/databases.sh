#!/bin/bash
# Run once by PostgreSQL when its data folder is empty: one database and one user a service.
set -euo pipefail
for name in identity registration persons eprom reservation release; do
  variable="${name^^}_DATABASE_PASSWORD"
  psql --set=ON_ERROR_STOP=1 --set=name="$name" --set=secret="${!variable:?set it in .env}" --username postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'secret';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
