"""``python -m amts_tasks.cli`` is ``amts``."""

import sys

from amts_tasks.cli import main

sys.exit(main())
