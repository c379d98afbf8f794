"""Which edit of the config would accept a difference. Whether it does is checked afterwards, by `live.acceptance`.

Most of what can be done by hand to a group or role has a word in the config; what has none is said with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sec_provisioner.config import paths
from sec_provisioner.config.editing import Append, Edit, Remove, SetValue
from sec_provisioner.iam.document import statement_values
from sec_provisioner.live.drift import same_statement
from sec_provisioner.live.findings import Difference, ResourceDrift
from sec_provisioner.pipeline import Built
from sec_provisioner.policies import INLINE_POLICY_NAME, Attached, ManagedPolicy
from sec_provisioner.security import Group, OtherAccountTrust, OwnAccountTrust, Role, ServiceTrust

_ENABLED = {
    "iam_groups": "enabled_groups",
    "service_roles": "enabled_service_roles",
    "assumable_roles": "enabled_assumable_roles",
    "cross_account_roles": "enabled_cross_account_roles",
}

# Property -> why no word of the config stands for it.
_NO_WORD: Mapping[str, str] = {
    "Path": "the config has no word for paths",
    "GroupName": "names follow from the config's keys",
    "RoleName": "names follow from the config's keys",
    "ManagedPolicyName": "names follow from the levels",
    "PolicyDocument": "what a level allows comes with the tool; a statement of one's own stands with those who need it",
    "AttachedTo": "it is about somebody outside the stack, of whom the config says nothing",
}
_EXTRA = "deploy makes what the config names, and refuses a name that is there already"


class InexpressibleError(ValueError):
    """The config has no word for it; the message is the reason."""


def why_not(drift: ResourceDrift, difference: Difference) -> str:
    """Why no config whatever could accept a difference; empty where one may."""
    if drift.status == "extra":
        return _EXTRA
    if drift.type == "AWS::SSM::Parameter":
        return "parameters follow from the groups, roles and policies"
    return _NO_WORD.get(difference.root(), "")


def edits_for(built: Built, drift: ResourceDrift, difference: Difference) -> tuple[Edit, ...]:
    """The edits that may make the config say what is live.

    Args:
        built: the config as it is.
        drift: the resource; of the config's own.
        difference: one of its differences.

    Raises:
        InexpressibleError: there are none.
    """
    root = difference.root()
    if root == "Tags":
        return (_set_or_remove(paths.child("tags", difference.item()), difference.actual),)
    if root == "PermissionsBoundary":
        return (_set_or_remove("deployment.permissions_boundary", difference.actual),)
    holder = _holder(built, drift)
    if not root:
        return (_disabled(built, holder),)
    return tuple(_Accepting(built, drift, holder).edits(difference))


def _set_or_remove(path: str, value: Any) -> Edit:
    return Remove(path) if value is None else SetValue(path, value)


def _holder(built: Built, drift: ResourceDrift) -> Group | Role:
    every: tuple[Group | Role, ...] = built.model.groups if drift.type == "AWS::IAM::Group" else built.model.roles
    if drift.type not in ("AWS::IAM::Group", "AWS::IAM::Role"):
        raise InexpressibleError("it follows from the groups and roles that use it")
    found = next((one for one in every if one.name == drift.name), None)
    if found is None:
        raise InexpressibleError("the config does not have it any more")
    return found


def _disabled(built: Built, holder: Group | Role) -> Edit:
    """A group or role that is gone, taken out of the active profile."""
    _, kind, key = (paths.steps(holder.source) or ())[:3]
    profile = built.config.active_profile
    enabled = _ENABLED[str(kind)]
    keys: tuple[str, ...] = getattr(profile, enabled)
    path = paths.child(paths.child("security_profiles", built.config.security_profile_name), enabled)
    return Remove(paths.item(path, keys.index(str(key))))


@dataclass(frozen=True)
class _Accepting:
    """The edits for one group or role."""

    built: Built
    drift: ResourceDrift
    holder: Group | Role

    def edits(self, one: Difference) -> Iterator[Edit]:
        """The edits for one of its differences."""
        match one.root():
            case "ManagedPolicyArns":
                yield self._attachment(one)
            case "Policies":
                yield from self._statements(one)
            case "AssumeRolePolicyDocument":
                yield from self._trust(one)
            case "Description":
                yield SetValue(f"{self.holder.source}.description", one.actual or "")
            case "MaxSessionDuration":
                yield self._session(one)
            case root:
                raise InexpressibleError(f"the config has no word for {root}")

    @cached_property
    def _home(self) -> str:
        """Where in the config the permissions stand."""
        if isinstance(self.holder, Group) and self.built.config.deployment.security_model == "roles-based":
            raise InexpressibleError("in the roles-based model a group holds only the right to assume its role")
        if isinstance(self.holder, Role) and self.holder.mirrors_group:
            return f"security.iam_groups.{self.holder.mirrors_group}"
        return self.holder.source

    @property
    def _is_of_group(self) -> bool:
        """Whether this is what a group has in the roles-based model: a role without settings of its own."""
        return self.holder.source.startswith("security.iam_groups.")

    @property
    def _attached(self) -> Attached:
        policies = self.built.policies
        return (policies.groups if isinstance(self.holder, Group) else policies.roles)[self.holder.key]

    def _attachment(self, one: Difference) -> Edit:
        arn = str(one.actual or one.expected)
        name = arn.partition(":policy/")[2]
        if one.kind == "missing":
            return Remove(self._source_of_attachment(name))
        if arn.split(":")[4] == "aws":
            return Append(f"{self._home}.managed_policies", name)
        level = next((each for each in self.built.policies.managed if each.name == name), None)
        if level is None:
            raise InexpressibleError("the config attaches policies of AWS and those of its levels, no others")
        return SetValue(f"{self._home}.policy_assignments.{level.service}", level.level_name)

    def _source_of_attachment(self, name: str) -> str:
        for one in self._attached.attachments:
            if (one.policy.name if isinstance(one.policy, ManagedPolicy) else one.policy) == name:
                return one.source
        raise InexpressibleError("the config does not attach it any more")

    def _session(self, one: Difference) -> Edit:
        if not isinstance(self.holder, Role) or self.holder.kind == "service" or self._is_of_group:
            raise InexpressibleError("only roles that people or other accounts assume have a session duration")
        return SetValue(f"{self.holder.source}.max_session_duration", one.actual)

    # --- statements ---

    def _statements(self, one: Difference) -> Iterator[Edit]:
        path = f"{self._home}.statements"
        live = [] if one.actual is None else statement_values(one.actual)
        if one.item() != INLINE_POLICY_NAME:
            # It goes with the next deploy, and what it says stands in the config's own policy then.
            yield from (Append(path, self._with_placeholders(self._with_free_sid(each))) for each in live)
            return
        stated = self._attached.inline.statements if self._attached.inline else ()
        resolved = self._template_statements()
        added = [each for each in live if not any(same_statement(each, other) for other in resolved)]
        removals: list[Edit] = []
        for sourced, value in zip(stated, resolved, strict=True):
            if any(same_statement(value, each) for each in live):
                continue
            if not sourced.source.startswith(f"{path}["):
                sid = value.get("Sid", "without Sid")
                raise InexpressibleError(f"the statement {sid} follows from {sourced.source}")
            successor = next((each for each in added if each.get("Sid") and each.get("Sid") == value.get("Sid")), None)
            if successor is None:
                removals.append(Remove(sourced.source))
            else:
                added.remove(successor)
                yield SetValue(sourced.source, self._with_placeholders(successor))
        yield from (Append(path, self._with_placeholders(each)) for each in added)
        # From the last to the first, or the places would move.
        yield from reversed(removals)

    def _template_statements(self) -> list[Any]:
        """The statements of the inline policy as the template has them, in the order of their sources."""
        properties = self.built.template.resources[self.drift.logical_id]["Properties"]
        stated = [each for one in properties["Policies"] for each in one["PolicyDocument"]["Statement"]]
        return [self.built.resolver.resolve(each) for each in stated]

    def _with_free_sid(self, statement: Any) -> Any:
        """A Sid stands once in a document: one that is taken is left out."""
        taken = {one.get("Sid") for one in self._template_statements()}
        return {key: one for key, one in statement.items() if key != "Sid" or one not in taken}

    def _with_placeholders(self, statement: Any) -> Any:
        """A live statement with the config's words for what is filled in, so that it holds in a test stack as well."""
        names = self.built.names
        identity = names.identity
        words = (
            (f"arn:{identity.partition}:", "arn:${AWS::Partition}:"),
            (f":{identity.account_id}:", ":${AWS::AccountId}:"),
            (f":{identity.region}:", ":${AWS::Region}:"),
            (f"{names.project}-", "${Project}-"),
        )

        def filled(value: Any) -> Any:
            if isinstance(value, str) and value.startswith("arn:"):
                for text, word in words:
                    value = value.replace(text, word)
                return value
            if isinstance(value, Mapping):
                return {key: filled(one) for key, one in value.items()}
            return [filled(one) for one in value] if isinstance(value, list) else value

        return filled(statement)

    # --- trust ---

    def _trust(self, one: Difference) -> Iterator[Edit]:
        statements: list[Any] = statement_values(one.actual) or [{}]
        statement = statements[0]
        if len(statements) > 1 or not isinstance(self.holder, Role):
            raise InexpressibleError("a role of the config has one statement of trust")
        principal: Any = statement.get("Principal", {})
        source = self.holder.source
        match self.holder.trust:
            case ServiceTrust() if isinstance(principal, Mapping) and isinstance(principal.get("Service"), str):
                yield SetValue(f"{source}.service", principal["Service"])
            case OwnAccountTrust(require_mfa) if not self._is_of_group:
                yield SetValue(f"{source}.require_mfa", not require_mfa)
            case OtherAccountTrust(_, role_arns, external_id) if isinstance(principal, Mapping):
                if external_id not in json.dumps(statement):
                    raise InexpressibleError("an external id is a secret, which no proposal may hold")
                yield from _trusted(source, principal.get("AWS", []), has_roles=bool(role_arns))
            case _:
                raise InexpressibleError("the config has no word for such a trust")


def _trusted(source: str, principal: Any, *, has_roles: bool) -> Iterator[Edit]:
    arns = [principal] if isinstance(principal, str) else list(principal)
    roots = [arn for arn in arns if arn.endswith(":root")]
    if not arns or (roots and len(arns) > 1):
        raise InexpressibleError("a role trusts one account, or named roles of it")
    yield SetValue(f"{source}.trusted_account", arns[0].split(":")[4])
    if not roots:
        yield SetValue(f"{source}.trusted_roles", arns)
    elif has_roles:
        yield Remove(f"{source}.trusted_roles")
