"""CloudFormation's YAML, as a template deployed by something else may have it: `!Ref x` and its like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from sec_provisioner.failures.aws import DEPLOYED_TEMPLATE_UNREADABLE


class _TemplateLoader(yaml.SafeLoader):
    """Knows the short forms of functions, and leaves dates as text."""


def _function(loader: _TemplateLoader, tag: str, node: yaml.Node) -> Any:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)  # noqa: S101 - YAML has no fourth kind of node
    return {name: loader.construct_mapping(node, deep=True)}


def _as_text(loader: _TemplateLoader, node: yaml.ScalarNode) -> Any:
    return loader.construct_scalar(node)


_TemplateLoader.add_multi_constructor("!", _function)
_TemplateLoader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


def parse_yaml_template(text: str) -> Mapping[str, Any]:
    """The template's value.

    Raises:
        AwsError: what CloudFormation holds is no YAML mapping.
    """
    try:
        value = yaml.load(text, Loader=_TemplateLoader)  # noqa: S506 - a safe loader with CloudFormation's tags
    except yaml.YAMLError as error:
        raise DEPLOYED_TEMPLATE_UNREADABLE(told=error) from error
    if not isinstance(value, Mapping):
        raise DEPLOYED_TEMPLATE_UNREADABLE(told="it is no mapping")
    return value
