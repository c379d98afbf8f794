"""Stack operations go on after their call was answered; whoever ends the loop lets them finish first."""

from __future__ import annotations

import asyncio

_PATIENCE = 60
"""Seconds; an operation that hangs longer is given up."""


async def finish_tasks() -> None:
    """Wait for all other tasks of this loop."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    if others:
        await asyncio.wait(others, timeout=_PATIENCE)
