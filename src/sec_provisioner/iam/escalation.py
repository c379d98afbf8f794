"""Known ways to more rights than one was given, as values. Which there are is told by whoever asks the checks."""

from __future__ import annotations

from dataclasses import dataclass

PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action


@dataclass(frozen=True, slots=True)
class EscalationPath:
    """One way: open to whoever may do all of its actions."""

    id: str
    """As the public list names it: `iam-001`."""
    actions: tuple[str, ...]
    """With their services, as AWS spells them."""
    means: str
    """One sentence: what is done on this way."""
    service: str | None = None
    """The service principal that a role is passed to, where the way takes `iam:PassRole`."""
