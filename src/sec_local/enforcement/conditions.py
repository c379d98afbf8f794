"""Whether a statement's conditions hold: all of them, each for any of its values.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sec_local.enforcement.context import Context
from sec_local.enforcement.operators import OPERATORS, Operator
from sec_local.enforcement.patterns import Tokens
from sec_local.enforcement.variables import fill

_FOR_ALL, _FOR_ANY, _IF_EXISTS, _NULL = "forallvalues:", "foranyvalue:", "ifexists", "null"


@dataclass(frozen=True)
class Condition:
    """One operator, one key, the values that the policy names. `version` is the policy's: variables need the newer."""

    operator: str
    key: str
    values: tuple[str, ...]
    version: str

    def holds(self, context: Context) -> bool:
        """Whether a request with these keys meets it. An operator that nobody knows is met by none."""
        quantifier, name, if_exists = _parts(self.operator)
        given = context.all(self.key)
        if name == _NULL:
            return any((given is None) == (value.lower() == "true") for value in self.values)
        known = OPERATORS.get(name)
        if known is None:
            return False
        if given is None:
            return if_exists or quantifier == _FOR_ALL or (known.is_negated and quantifier != _FOR_ANY)
        quantify = _QUANTIFIERS[quantifier, known.is_negated]
        wanted = [fill(value, context, self.version) for value in self.values]
        return quantify(_is_met(known, wanted, value) for value in given)


_QUANTIFIERS: dict[tuple[str, bool], Callable[..., bool]] = {
    (_FOR_ALL, False): all,
    (_FOR_ALL, True): all,
    (_FOR_ANY, False): any,
    (_FOR_ANY, True): any,
    # Of a key with many values, without a quantifier: any of them for a match, all of them for the opposite.
    ("", False): any,
    ("", True): all,
}


def _is_met(known: Operator, wanted: list[Tokens | None], given: str) -> bool:
    """A value without a value of its own (a variable that is not in the request) is like nothing."""
    found = any(one is not None and known.compare(one, given) for one in wanted)
    return found != known.is_negated


def _parts(operator: str) -> tuple[str, str, bool]:
    """Quantifier (empty for none), the operator's own name, whether it ends in IfExists; in lower case."""
    name = operator.lower()
    quantifier = next((one for one in (_FOR_ALL, _FOR_ANY) if name.startswith(one)), "")
    name = name.removeprefix(quantifier)
    return quantifier, name.removesuffix(_IF_EXISTS), name.endswith(_IF_EXISTS)
