"""Let MindSpore write the files of tests/dataset/mindrecord_files.py, and store them in tests/dataset/recorded.

    python scripts/record_mindrecord.py

Needs an interpreter with MindSpore 2.10.0.
"""

import os
import sys
import tempfile
import zipfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests" / "dataset"
sys.path.insert(0, str(TESTS))

from mindrecord_files import FILES, write  # noqa: E402


def main() -> None:
    import mindspore
    from mindspore.mindrecord import FileWriter

    with tempfile.TemporaryDirectory() as folder:
        for name, case in FILES.items():
            write(FileWriter, folder, name, case)
        with zipfile.ZipFile(TESTS / "recorded" / "mindrecord.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.comment = mindspore.__version__.encode()
            for name in sorted(os.listdir(folder)):
                content = Path(folder, name).read_bytes()
                archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
