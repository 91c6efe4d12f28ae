"""What only a person can say of a file: what a heading means, and what the file does not tell."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OpenHeading:
    """A heading that no synonym knows, with what stands below it.

    `suggestion` is the field (etl.headings) whose heading is nearest by edit distance, with its `score`
    (0–1), to be confirmed and never taken by itself; `mapped_to` is the field that a person has said,
    now or for an earlier file.
    """

    sheet: str
    cell: str
    heading: str
    samples: tuple[str, ...] = ()
    suggestion: str | None = None
    score: float | None = None
    mapped_to: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "samples": list(self.samples)}


@dataclass(frozen=True)
class Question:
    """Something that the file lacks and that is asked once: `--set name=value`, or a form on the page.

    `title` and `help` are source texts; `choices` are the words that may be said, empty where any text or
    a day may be (`kind`: text, day or choice). `answer` is what has been said, `suggestion` what the file
    seems to say (a title above the table): offered, never taken by itself.
    """

    name: str
    title: str
    help: str
    kind: str = "text"
    choices: tuple[str, ...] = ()
    is_required: bool = True
    answer: str | None = None
    suggestion: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {**vars(self), "choices": list(self.choices)}
