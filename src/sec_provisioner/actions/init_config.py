"""init-config: a new config from a tier's master config, by `--set` and by questions on a terminal.

master + settings -> new config text -> its name -> configs/
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from sec_provisioner.actions.base import Context
from sec_provisioner.actions.config_source import identity_of, must_fit_image
from sec_provisioner.catalogue.tiers import tiers
from sec_provisioner.config.master import NewConfig, Question, new_config, questions
from sec_provisioner.config.parse import ParsedConfig, parse_config
from sec_provisioner.errors import ExitCode, UsageError
from sec_provisioner.failures.making import CONFIG_EXISTS
from sec_provisioner.failures.usage import NO_TIER_NAMED, SETTING_WITHOUT_VALUE
from sec_provisioner.naming import Names
from sec_provisioner.report.files import Folder
from sec_provisioner.report.results import InitResult
from sec_provisioner.report.terminal import Style


def run(ctx: Context) -> ExitCode:
    """Write the config; a file that is there stays, unless `--force` says otherwise."""
    made = ctx.folders.make_missing()
    tier = _tier(ctx)
    settings = _settings(ctx.own("settings"))
    if ctx.terminal.asks:
        settings = _ask(ctx, tier, settings)
    new = _new(ctx, tier, settings)
    parsed = parse_config(new.text.encode(), "the new config")
    folder, name = _target(ctx, parsed, tier)
    if name in folder.names() and not ctx.own("force"):
        raise CONFIG_EXISTS(file=folder.shown(name))
    file = folder.write(name, new.text.encode(), durable=True)
    for one in made:
        ctx.log.detail(f"Made the folder {one}")
    left_out = tuple(str(one) for one in new.left_out)
    result = InitResult(file, tier, new.left_to_fill, left_out, new.enabled_roles)
    return ctx.finish(result, render=_lines, files=(file,))


def _tier(ctx: Context) -> str:
    image_tier = ctx.environment.get("SEC_TIER", "")
    tier: str = ctx.own("tier") or image_tier.partition("-")[0]
    if not tier and ctx.terminal.asks:
        tier = _ask_tier(ctx)
    if not tier:
        raise NO_TIER_NAMED()
    must_fit_image(tier, image_tier)
    return tier


def _ask_tier(ctx: Context) -> str:
    *smaller, largest = tiers()
    names = f"{', '.join(smaller)} or {largest}"
    while True:
        style = ctx.terminal.err_style
        answer = ctx.terminal.prompt(f"{style.strong('tier')} {style.faint(f'({names})')}", smaller[0])
        if answer in tiers():
            return answer
        ctx.terminal.say(f"{style.bad(f'There is no tier `{answer}`.')} There are {names}.")


def _settings(pairs: Iterable[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for pair in pairs:
        path, equals, value = pair.partition("=")
        if not equals:
            raise SETTING_WITHOUT_VALUE(pair=pair)
        settings[path.strip()] = value
    return settings


def _new(ctx: Context, tier: str, settings: dict[str, str]) -> NewConfig:
    # Four times six of 36 letters are 124 bits: nobody guesses it.
    return new_config(tier, settings, lambda: "-".join(ctx.random_suffix() for _ in range(4)))


def _ask(ctx: Context, tier: str, settings: dict[str, str]) -> dict[str, str]:
    """Ask for what was not given; a wrong answer is explained and asked for again."""
    answered = dict(settings)
    for question in questions(tier):
        if question.path not in answered:
            answered |= _answer(ctx, tier, question, answered)
    return answered


def _answer(ctx: Context, tier: str, question: Question, answered: dict[str, str]) -> dict[str, str]:
    style = ctx.terminal.err_style
    while True:
        label = f"{style.strong(question.path)} {style.faint(f'({question.description})')}"
        answer = _unquoted(ctx.terminal.prompt(label, question.default))
        if not answer or answer == question.default:
            return {}
        try:
            _new(ctx, tier, {**answered, question.path: answer})
        except UsageError as error:
            ctx.terminal.say(f"{style.bad(error.message)} {error.hint}")
        else:
            return {question.path: answer}


def _unquoted(answer: str) -> str:
    """An answer may stand in quotes, as it would in the file."""
    return answer[1:-1] if len(answer) > 1 and answer[0] == answer[-1] and answer[0] in "\"'" else answer


def _target(ctx: Context, parsed: ParsedConfig, tier: str) -> tuple[Folder, str]:
    """Where it goes: as `--config` says, else under the name that belongs to its content."""
    identity = identity_of(parsed.document)
    if identity is not None:
        ctx.belongs_to(Names(identity))
    given = ctx.options.config
    if given and os.sep in given:
        path = Path(given).expanduser()
        return Folder(path.parent), path.name
    return ctx.folders.configs, given or (Names(identity).config_file if identity else f"{tier}-sec.yaml")


def _lines(result: InitResult, style: Style) -> Iterator[str]:
    yield f"{style.good('written')} {style.strong(result.config)} (tier {result.tier})"
    yield from (f"not in this partition: {one}" for one in result.left_out)
    yield from (f"enabled {role}; its external id is in the config" for role in result.enabled_roles)
    if result.left_to_fill:
        yield "still to be filled in:"
        yield from (f"  {path}" for path in result.left_to_fill)
    else:
        yield f"next: sec-provisioner validate-config --config {Path(result.config).name}"
