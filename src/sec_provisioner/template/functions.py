"""CloudFormation's intrinsic functions: made from placeholders, and worked out again where a value is needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sec_provisioner.naming import Identity

_PSEUDO = re.compile(r"\$\{AWS::[A-Za-z]+\}")
_SUB_VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")


class UnresolvedError(ValueError):
    """A value depends on something that only AWS knows."""


def substitute(value: Any) -> Any:
    """Turn `${AWS::...}` in every text of a value into Ref or Fn::Sub; other text stays plain.

    Fn::Sub reads every `${...}` as its own, so IAM's variables in such a text become `${!aws:username}`.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
    """
    if isinstance(value, str):
        return _substitute_text(value)
    if isinstance(value, Mapping):
        return {key: substitute(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [substitute(one) for one in value]
    return value


def _substitute_text(text: str) -> Any:
    if not _PSEUDO.search(text):
        return text
    if _PSEUDO.fullmatch(text):
        return {"Ref": text[2:-1]}
    return {"Fn::Sub": re.sub(r"\$\{(?!AWS::)", "${!", text)}


class Resolver:
    """Works out the functions of a template offline, for one account and region.

    Knows pseudo parameters, parameters by `parameters`, and of the template's resources what follows from their
    names: ARNs of groups and roles, Ref of managed policies, groups, roles and parameters.
    """

    def __init__(
        self,
        resources: Mapping[str, Any],
        identity: Identity,
        stack_name: str,
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        suffix = "amazonaws.com.cn" if identity.partition == "aws-cn" else "amazonaws.com"
        self._arn = f"arn:{identity.partition}:iam::{identity.account_id}"
        self._resources = resources
        self._words = {
            "AWS::Partition": identity.partition,
            "AWS::AccountId": identity.account_id,
            "AWS::Region": identity.region,
            "AWS::URLSuffix": suffix,
            "AWS::StackName": stack_name,
            **(parameters or {}),
        }

    def resolve(self, value: Any) -> Any:
        """The value with every function worked out.

        Raises:
            UnresolvedError: for what only AWS knows.
        """
        if isinstance(value, list):
            kept = [one for one in value if one != {"Ref": "AWS::NoValue"}]
            return [self.resolve(one) for one in kept]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in ("Ref", "Condition") or str(name).startswith("Fn::"):
                return self._call(name, argument)
        return {key: self.resolve(one) for key, one in value.items() if one != {"Ref": "AWS::NoValue"}}

    def _call(self, name: str, argument: Any) -> Any:
        match name, argument:
            case "Ref", str():
                return self._ref(argument)
            case "Fn::Sub", str():
                return self._sub(argument, {})
            case "Fn::Sub", [str() as text, Mapping() as words]:
                return self._sub(text, words)
            case "Fn::GetAtt", [str() as logical_id, str() as attribute]:
                return self._attribute(logical_id, attribute)
            case "Fn::GetAtt", str() if "." in argument:
                return self._attribute(*argument.split(".", 1))
            case "Fn::Join", [str() as glue, list() as parts]:
                return glue.join(str(self.resolve(part)) for part in parts)
            case _:
                raise UnresolvedError(f"{name} is not worked out offline")

    def _sub(self, text: str, words: Mapping[str, Any]) -> str:
        def one(match: re.Match[str]) -> str:
            if match[1]:
                return "${" + match[2] + "}"
            if match[2] in words:
                return str(self.resolve(words[match[2]]))
            return str(self._attribute(*match[2].split(".", 1)) if "." in match[2] else self._ref(match[2]))

        return _SUB_VARIABLE.sub(one, text)

    def _ref(self, name: str) -> str:
        if name in self._words:
            return self._words[name]
        resource = self._resources.get(name, {})
        properties = resource.get("Properties", {})
        match resource.get("Type"):
            case "AWS::IAM::ManagedPolicy":
                return self._named("policy", properties, "ManagedPolicyName")
            case "AWS::IAM::Group":
                return self._text(properties, "GroupName")
            case "AWS::IAM::Role":
                return self._text(properties, "RoleName")
            case "AWS::SSM::Parameter":
                return self._text(properties, "Name")
            case _:
                raise UnresolvedError(f"Ref {name} is not known before it exists")

    def _attribute(self, logical_id: str, attribute: str) -> str:
        resource = self._resources.get(logical_id, {})
        properties = resource.get("Properties", {})
        match resource.get("Type"), attribute:
            case "AWS::IAM::Group", "Arn":
                return self._named("group", properties, "GroupName")
            case "AWS::IAM::Role", "Arn":
                return self._named("role", properties, "RoleName")
            case "AWS::IAM::ManagedPolicy", "PolicyArn":
                return self._named("policy", properties, "ManagedPolicyName")
            case _:
                raise UnresolvedError(f"{logical_id}.{attribute} is not known before it exists")

    def _named(self, kind: str, properties: Mapping[str, Any], key: str) -> str:
        path = self.resolve(properties.get("Path", "/"))
        return f"{self._arn}:{kind}{path}{self._text(properties, key)}"

    def _text(self, properties: Mapping[str, Any], key: str) -> str:
        if key not in properties:
            raise UnresolvedError(f"{key} is chosen by AWS")
        return str(self.resolve(properties[key]))
