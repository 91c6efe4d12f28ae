"""Every kind of problem, one module per loudness; the codes are stable, the words may improve."""

from etl.problem_kinds import mention, skip, stop

__all__ = ["mention", "skip", "stop"]
