"""The outside of a password-protected workbook, which a reader must recognise without opening it."""

import random
import struct

SECTOR, FREE, END, TABLE = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def protected_container() -> bytes:
    """The outside of an encrypted workbook: a compound file with an EncryptedPackage of random bytes.

    Sector 0 is the allocation table, 1 the directory, 2 to 9 the package, 10 to 17 the key information; both
    streams have 4096 bytes, below which a stream would go to the small-sector area.
    """
    chains = [TABLE, END, *range(3, 10), END, *range(11, 18), END]
    allocation = struct.pack("<128I", *chains, *[FREE] * (128 - len(chains)))
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    directory = (
        entry("Root Entry", 5, child=2) + entry("EncryptionInfo", 2, start=10, size=4096)
        + entry("EncryptedPackage", 2, left=1, start=2, size=4096) + entry("", 0)
    )  # fmt: skip
    return header + allocation + directory + random.Random("no password fits").randbytes(16 * SECTOR)


def entry(
    name: str, kind: int, child: int = FREE, left: int = FREE, start: int = END, size: int = 0
) -> bytes:
    """One directory entry of a compound file, 128 bytes."""
    text = name.encode("utf-16-le") + b"\0\0" if name else b""
    start = start if kind == 2 else (END if kind == 5 else 0)
    ids = struct.pack("<III", left, FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + ids
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
