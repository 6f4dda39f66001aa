"""`python -m vvipe`."""

import sys

from vvipe.cli import main

sys.exit(main())
