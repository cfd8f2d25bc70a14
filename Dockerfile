# One image for every service of docker-compose.yaml: AMTS with Airflow and the Celery, PostgreSQL and Redis parts, from the
# hashed requirements. Built from the repository: `docker compose build`.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 50000 amts \
    && mkdir --parents /opt/amts /opt/airflow/logs /var/lib/amts /var/lib/emulator \
    && chown --recursive amts /opt/airflow /var/lib/amts /var/lib/emulator

WORKDIR /opt/amts
COPY requirements-uv.txt requirements-celery.txt ./
RUN python -m pip install --no-cache-dir --no-deps --require-hashes --requirement requirements-uv.txt \
    && uv pip install --system --no-cache --compile-bytecode --require-hashes --requirement requirements-celery.txt

COPY pyproject.toml LICENSE README.md ./
COPY amts_tasks amts_tasks
RUN uv pip install --system --no-cache --no-deps .
COPY config config
COPY dags dags
COPY plugins plugins
# The example book of config/amts.yaml; a configuration of your own brings its own places.
COPY examples examples
RUN python examples/history.py .amts/example

USER amts
ENV AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/amts/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/amts/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AMTS_CONFIG=/opt/amts/config/amts.yaml \
    AMTS_STATE=/var/lib/amts
CMD ["airflow", "version"]
