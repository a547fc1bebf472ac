"""What this machine is and how busy it is: the context of every measured number."""

import os
import platform
from collections.abc import Mapping


def describe() -> Mapping[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "Machine": f"{os.cpu_count()} cores, {memory:.0f} GiB memory, {platform.machine()}",
        "System": f"{platform.system()} {platform.release()}",
    }


def load() -> str:
    """Processes wanting a core, over the last minute."""
    return f"{os.getloadavg()[0]:.2f}"
