"""The rules that every policy level keeps, one function each: a level in, what is wrong with it out.

The reviewed lists that they consult lie in `tests/cases/levels`. Rules speak of Allow statements alone: a Deny in a
level would take away from the other levels of the same group, so `statements_are_plain` refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from support import level_facts, level_form, level_powers, level_reach
from support.level_files import LevelFile

Rule = Callable[[LevelFile], Iterable[str]]

RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        level_form.shape,
        level_form.statements_are_plain,
        level_form.named_as_promised,
        level_form.arns_are_portable,
        level_form.characters_fit,
        level_form.fits_one_policy,
        level_facts.actions_exist,
        level_facts.resources_fit,
        level_facts.types_are_spelled_out,
        level_facts.conditions_can_hold,
        level_reach.stays_in_project,
        level_reach.project_is_bounded,
        level_reach.no_writing_under_others,
        level_reach.buckets_are_own,
        level_powers.no_bare_wildcard,
        level_powers.wildcards_only_read,
        level_powers.passes_no_role,
        level_powers.opens_nothing,
        level_powers.sharp_actions_are_guarded,
    )
}
