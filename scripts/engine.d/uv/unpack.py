"""The two programs out of uv's wheel, and a note of where they are from."""

import hashlib
import sys
import zipfile
from pathlib import Path


def main(folder: Path) -> None:
    """Write `uv`, `uvx` and `versions` into the folder that holds the wheel."""
    (wheel,) = folder.glob("uv-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if "/scripts/" in name:
                program = folder / Path(name).name
                program.write_bytes(archive.read(name))
                program.chmod(0o755)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (folder / "versions").write_text(f"uv={wheel.name.split('-')[1]} wheel=sha256:{digest}\n")


main(Path(sys.argv[1]))
