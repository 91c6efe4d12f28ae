"""Who does something at the command line: the operating system's user that runs this process."""

import getpass
import os


def author() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a number without a name
        return f"uid-{os.getuid()}"
