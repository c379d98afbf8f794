"""Credentials, region and endpoint -> clients. The only place where clients are made.

profile or environment -> credentials -> deployment.assume_role -> CloudFormation, CloudTrail, IAM, S3, SSM, STS
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config as ClientConfig
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import ProfileNotFound
from botocore.loaders import Loader
from botocore.session import Session

from sec_provisioner import __version__
from sec_provisioner.aws.credential_errors import mfa_without_terminal, no_credentials, unreadable_files
from sec_provisioner.aws.errors import explained
from sec_provisioner.failures.usage import WRONG_ENDPOINT

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudtrail import CloudTrailClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_sts import STSClient

# Adaptive: backs off with growing, random pauses and slows the client itself down while AWS throttles.
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
_RETRIES: Any = {"mode": "adaptive", "total_max_attempts": 8}
_SERVICES = frozenset({"cloudformation", "cloudtrail", "iam", "s3", "ssm", "sts"})
_CONNECT_SECONDS = 10
_READ_SECONDS = 60


@dataclass(frozen=True)
class RoleToAssume:
    """`deployment.assume_role` of a config."""

    role_arn: str
    external_id: str | None = None
    session_name: str | None = None


@dataclass(frozen=True)
class Access:
    """How AWS is reached. `has_terminal`: whether somebody can type an MFA code."""

    region: str
    profile: str | None = None
    endpoint_url: str | None = None
    assume_role: RoleToAssume | None = None
    has_terminal: bool = False


class Aws:
    """The clients of one run, each made when it is first used."""

    def __init__(self, session: Session, region: str) -> None:
        self._session = session
        self._trails: dict[str, CloudTrailClient] = {}
        self.region = region

    @cached_property
    def dns_suffix(self) -> str:
        """`amazonaws.com`, or what the region's partition has instead."""
        partition = self._session.get_partition_for_region(self.region)
        known = self._session.get_data("partitions")["partitions"]
        return next(str(one["outputs"]["dnsSuffix"]) for one in known if one["id"] == partition)

    @cached_property
    def cloudformation(self) -> CloudFormationClient:
        """Stacks and change sets of the region."""
        return cast("CloudFormationClient", self._client("cloudformation"))

    @cached_property
    def iam(self) -> IAMClient:
        """Groups, roles, policies, users: the same in every region."""
        return cast("IAMClient", self._client("iam"))

    @cached_property
    def s3(self) -> S3Client:
        """The template bucket."""
        return cast("S3Client", self._client("s3"))

    @cached_property
    def ssm(self) -> SSMClient:
        """Parameters."""
        return cast("SSMClient", self._client("ssm"))

    @cached_property
    def sts(self) -> STSClient:
        """Who calls."""
        return cast("STSClient", self._client("sts"))

    def cloudtrail(self, region: str) -> CloudTrailClient:
        """What was done, as one region records it: IAM's calls are recorded in the partition's home region."""
        if region not in self._trails:
            self._trails[region] = cast("CloudTrailClient", self._client("cloudtrail", region))
        return self._trails[region]

    def _client(self, service: str, region: str | None = None) -> Any:
        config = ClientConfig(
            retries=_RETRIES,
            connect_timeout=_CONNECT_SECONDS,
            read_timeout=_READ_SECONDS,
            user_agent_extra=f"sec-provisioner/{__version__}",
        )
        return self._session.create_client(service, region_name=region or self.region, config=config)


class _Loader(Loader):
    """Botocore's loader, which knows a service by its folder.

    Its own looks into each of 400 folders, for models and again for endpoints: 15 of 300 ms of a run.
    """

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(name for path in self.search_paths for name in _names_in(path))

    def list_available_services(self, type_name: str) -> list[str]:
        """The same for every type: where a service lacks it, that is found out when it is loaded."""
        del type_name
        return list(self._folders)


@cache
def _loader(more_paths: str) -> _Loader:
    """One for all sessions of a process: what one has read of AWS's models, the next need not read again."""
    return _Loader(extra_search_paths=list(filter(None, more_paths.split(os.pathsep))))


def _names_in(folder: str) -> list[str]:
    """What lies in a folder; nothing where it is not there, or in a home that this user may not look into."""
    try:
        return [one.name for one in Path(folder).iterdir()]
    except OSError:
        return []


class _Session(Session):
    """A botocore session that may have another address for the services that this tool speaks to.

    The clients that fetch credentials must go the same way, and they are made by botocore itself. SSO's are not
    concerned: it is no part of what an endpoint stands in for.
    """

    endpoint_url: str | None = None

    def create_client(self, service_name: str, *args: Any, **kwargs: Any) -> Any:
        """As botocore's, with the session's address where none is given."""
        if service_name in _SERVICES and not kwargs.get("endpoint_url"):
            kwargs["endpoint_url"] = self.endpoint_url
        try:
            return super().create_client(service_name, *args, **kwargs)
        except ValueError as error:
            raise _explained_value(error) from None


def _explained_value(error: ValueError) -> Exception:
    """Botocore names an address that is no URL in the text of its ValueError; any other is a fault of ours."""
    if "nvalid endpoint" not in str(error):
        return error
    return WRONG_ENDPOINT(told=error)


@explained("use the AWS credentials")
def connect(access: Access) -> Aws:
    """Find credentials, assume the configured role, and hand out clients. Calls nothing yet but what credentials need.

    Raises:
        AwsError: no credentials, a profile that is not there, an MFA code that nobody can type.
    """
    session, credentials = _find_credentials(access)
    if not access.has_terminal:
        _refuse_mfa(session, credentials)
    if access.assume_role:
        assumed = _AssumedRole(session, credentials, access.assume_role)
        session = _configured_session(access)
        session.register_component("credential_provider", CredentialResolver([assumed]))
    return Aws(session, access.region)


def _find_credentials(access: Access) -> tuple[Session, Credentials]:
    try:
        session = _configured_session(access)
        found = session.get_credentials()
    except ProfileNotFound as error:
        # The profile may be in a file that could not be read.
        raise unreadable_files(_files()) or error from error
    if found is None:
        raise unreadable_files(_files()) or no_credentials()
    return session, found


def _files() -> list[str]:
    """Where the SDK looks for credentials; a session whose profile is not there would not tell."""
    session = Session()
    return [str(session.get_config_variable(one)) for one in ("credentials_file", "config_file")]


def _configured_session(access: Access) -> Session:
    session = _Session()
    session.endpoint_url = access.endpoint_url
    if access.profile:
        session.set_config_variable("profile", access.profile)
    session.register_component("data_loader", _loader(session.get_config_variable("data_path") or ""))
    session.set_config_variable("region", access.region)
    return session


def _refuse_mfa(session: Session, credentials: Credentials) -> None:
    """Botocore would ask for the code and hang, or fail strangely, where there is no terminal."""
    if credentials.method != "assume-role":
        return
    for name, profile in _profile_chain(session):
        if "mfa_serial" in profile and "role_arn" in profile:
            raise mfa_without_terminal(name)


def _profile_chain(session: Session) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The profile in use and those that it takes its credentials from."""
    profiles: Mapping[str, Mapping[str, str]] = session.full_config.get("profiles", {})
    name = session.get_config_variable("profile") or "default"
    seen: set[str] = set()
    while name and name in profiles and name not in seen:
        seen.add(name)
        yield name, profiles[name]
        name = profiles[name].get("source_profile", "")


class _AssumedRole(CredentialProvider):
    """Credentials of the configured role, renewed when they run out."""

    METHOD = "sec-provisioner-assume-role"

    def __init__(self, session: Session, source: Credentials, role: RoleToAssume) -> None:
        super().__init__(session)
        given = {"ExternalId": role.external_id, "RoleSessionName": role.session_name or "sec-provisioner"}
        self._fetcher = AssumeRoleCredentialFetcher(
            client_creator=session.create_client,
            source_credentials=source,
            role_arn=role.role_arn,
            extra_args={key: value for key, value in given.items() if value},
        )

    def load(self) -> DeferredRefreshableCredentials:
        """Credentials that call AssumeRole when they are first needed."""
        return DeferredRefreshableCredentials(refresh_using=self._fetcher.fetch_credentials, method=self.METHOD)
