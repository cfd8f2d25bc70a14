"""Starts and watches the emulator and Airflow on one machine; Airflow is spawned here, never imported."""
