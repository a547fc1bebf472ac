"""What this machine is and how busy it is: the context of every measured number."""

import os
import platform
import time
from collections.abc import Mapping
from pathlib import Path

from stackproof.model.surroundings import Surroundings

_STAT = Path("/proc/stat")
_STEAL = 8  # field of the line "cpu", proc_stat(5)


def describe() -> Mapping[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "Machine": f"{os.cpu_count()} cores, {memory:.0f} GiB memory, {platform.machine()}",
        "System": f"{platform.system()} {platform.release()}",
    }


def load() -> str:
    """Processes wanting a core, over the last minute."""
    return f"{os.getloadavg()[0]:.2f}"


def look(engine: str = "") -> Surroundings:
    """This machine now; `engine` says which run of the container engine this is."""
    return Surroundings(
        steady=time.monotonic(),
        wall=time.time(),
        load=os.getloadavg()[0],
        cores=os.cpu_count() or 1,  # all of the kernel's, as in its load
        stolen=_stolen(_STAT.read_text()) if _STAT.is_file() else 0.0,
        engine=engine,
    )


def _stolen(stat: str) -> float:
    """Seconds of all cores together; 0 where the kernel does not count them."""
    fields = stat.partition("\n")[0].split()
    return int(fields[_STEAL]) / os.sysconf("SC_CLK_TCK") if len(fields) > _STEAL else 0.0
