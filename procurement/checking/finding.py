"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`check`: which one (a name of procurement.checking.CHECKS); `subject`: where; `says`: what is wrong
    and what to do, in a sentence."""

    check: str
    subject: str
    says: str
