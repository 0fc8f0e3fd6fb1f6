"""Installs packages from PyPI into a virtual environment, and prints its interpreter.

The argument is the path of the list of packages.

The environment is kept in the user's cache folder, so it is made once for each Python and each
list of packages. Of several processes that ask at the same time, one makes it and the others wait.
"""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import venv

REQUIREMENTS = pathlib.Path(sys.argv[1])


def cache_folder() -> pathlib.Path:
    base = os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache'
    return pathlib.Path(base) / 'evenhand' / 'parity'


def install(folder: pathlib.Path) -> None:
    venv.create(folder, with_pip=True, symlinks=True)
    # Cravensworth asks for Python 3.12, but all of it runs with 3.10 and 3.11 too.
    pip = [folder / 'bin' / 'python', '-m', 'pip', '--disable-pip-version-check']
    subprocess.run(
        [*pip, 'install', '--quiet', '--no-deps', '--ignore-requires-python', '-r', REQUIREMENTS],
        check=True,
        # Standard output is the answer of this program.
        stdout=sys.stderr,
    )


def main() -> None:
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    folder = cache / wanted
    finished = folder / 'finished'
    with open(cache / f'{wanted}.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            shutil.rmtree(folder, ignore_errors=True)
            install(folder)
            finished.touch()
    print(folder / 'bin' / 'python')


main()
