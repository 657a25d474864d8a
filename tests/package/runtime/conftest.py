"""Makes the static modules of a package importable where they stand, as `package.answer` and so on."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "template"))
