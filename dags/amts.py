"""The DAGs of AMTS, for Airflow: one for each pair of the configuration, and ``amts_all``, which runs them all.

All code is in the installed package ``amts_tasks``; this file only names the configuration: ``$AMTS_CONFIG``, else
config/amts.yaml of this repository.
"""

import os
from pathlib import Path

from amts_tasks.provider.dag import from_configuration

CONFIGURATION = Path(os.environ.get("AMTS_CONFIG") or Path(__file__).resolve().parents[1] / "config" / "amts.yaml")

globals().update(from_configuration(CONFIGURATION))
