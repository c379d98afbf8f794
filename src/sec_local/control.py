"""The few addresses of the local AWS that are its own: faults, settings, reset, health.

Under `/_local/`, where no AWS service has anything.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any

from sec_local import settings, state
from sec_local.faults import FAULTS, Fault
from sec_local.iam.quotas import DEFAULTS
from sec_local.settings import SETTINGS, Settings

if TYPE_CHECKING:
    from sec_local.call import Call, Response

_PREFIX = "/_local/"
_FIELDS = frozenset(field.name for field in fields(Fault))
_SWITCHES = frozenset(field.name for field in fields(Settings))


async def answer(call: Call) -> Response | None:
    """The gateway's stage for the addresses above; None for everything else."""
    if not call.path.startswith(_PREFIX):
        return None
    handler = _HANDLERS.get((call.method, call.path.removeprefix(_PREFIX)))
    if handler is None:
        return _json(404, {"message": f"no {call.method} {call.path} here"})
    try:
        return _json(200, handler(json.loads(call.body or b"{}")))
    except (ValueError, TypeError) as problem:
        return _json(400, {"message": str(problem)})


def _json(status: int, value: Any) -> Response:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _health(_: dict[str, Any]) -> Any:
    return {"status": "ok"}


def _reset(_: dict[str, Any]) -> Any:
    state.forget()
    reset_settings()
    return {}


def reset_settings() -> None:
    """Faults off, every switch as it was at the start."""
    FAULTS.clear()
    settings.reset()


def _refuse_unknown(whose: str, body: dict[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(body) - known)
    if unknown:
        raise ValueError(f"{whose} has no {unknown[0]}; it has {', '.join(sorted(known))}")


def _add_fault(body: dict[str, Any]) -> Any:
    _refuse_unknown("a fault", body, _FIELDS)
    return {"id": FAULTS.add(Fault(**body))}


def _list_faults(_: dict[str, Any]) -> Any:
    return [{**asdict(fault), "seen": seen} for fault, seen in FAULTS.listed()]


def _clear_faults(_: dict[str, Any]) -> Any:
    FAULTS.clear()
    return {}


def _show_settings(_: dict[str, Any]) -> Any:
    return asdict(SETTINGS)


def _set_settings(body: dict[str, Any]) -> Any:
    _refuse_unknown("the local AWS", body, _SWITCHES)
    _refuse_unknown("IAM", body.get("quotas", {}), frozenset(DEFAULTS))
    changed = replace(SETTINGS, **body)
    for name, value in asdict(changed).items():
        setattr(SETTINGS, name, value)
    return asdict(SETTINGS)


_HANDLERS = {
    ("GET", "health"): _health,
    ("POST", "reset"): _reset,
    ("POST", "faults"): _add_fault,
    ("GET", "faults"): _list_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "settings"): _show_settings,
    ("PUT", "settings"): _set_settings,
}
