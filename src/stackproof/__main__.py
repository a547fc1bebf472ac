"""`python -m stackproof`."""

import sys

from stackproof.cli.main import main

sys.exit(main(sys.argv[1:]))
