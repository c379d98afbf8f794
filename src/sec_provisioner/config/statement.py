"""A policy statement as a config writes it: IAM's JSON keys, kept as plain JSON-like values.

IAM knows no numbers or booleans apart from their text (`"aws:SecureTransport": "true"`), so every value is text
with the characters that the file has: an account id with a leading zero stays what it is.
"""

from __future__ import annotations

from typing import Annotated, Any

from sec_provisioner.config.section import AsSchema

_TEXTS: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_CONDITION_VALUE: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_CONDITION_VALUES: dict[str, Any] = {"anyOf": [_CONDITION_VALUE, {"type": "array", "items": _CONDITION_VALUE}]}

KEYS = ("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition")
"""What a statement of an identity's policy may hold:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"""

_WHO = "A statement here is about whoever has it: leave {} out. Who may take a role follows from its kind."
OF_OTHER_POLICIES = {key: _WHO.format(key) for key in ("Principal", "NotPrincipal")}
"""What only policies of resources and trusts hold, and why it has no place here."""

JSON_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["Effect"],
    "properties": {
        "Sid": {"type": "string", "description": "Name of the statement: letters and digits"},
        "Effect": {"enum": ["Allow", "Deny"]},
        "Action": {**_TEXTS, "description": "Actions such as s3:GetObject, with * and ? as wildcards"},
        "NotAction": {**_TEXTS, "description": "All actions but these"},
        "Resource": {
            **_TEXTS,
            "description": "ARNs; ${Project}, ${AWS::Partition}, ${AWS::AccountId}, ${AWS::Region} are filled in",
        },
        "NotResource": {**_TEXTS, "description": "All resources but these"},
        "Condition": {
            "type": "object",
            "description": "Operator -> condition key -> value or list of values",
            "additionalProperties": {"type": "object", "additionalProperties": _CONDITION_VALUES},
        },
    },
}

Statement = Annotated[dict[str, Any], AsSchema(JSON_SCHEMA)]
"""Its shape is checked while the nodes are read (`config.typed`), so that each finding has its place."""
