"""The policy file: one line a route says who may use it, in which scope, and whether a fresh log-in is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, Self

from shared.auth.principal import Kind, Principal, Role
from shared.yaml_file import read_yaml_file

FRESH_LOG_IN = timedelta(minutes=5)
OPEN = "open"
SERVICE = "service:"
KINDS = frozenset({Kind.USER.value, Kind.CITIZEN.value, Kind.APPLICANT.value})
ROLES = frozenset(role.value for role in Role)


class PolicyError(Exception):
    """The policy file is wrong or does not fit the routes; the service must not start."""


class Scope(StrEnum):
    """Which objects a route may show to somebody who is let in; checked where the object is fetched."""

    OWN_ORGANISATION = "own_organisation"
    OWN_REGISTRY = "own_registry"
    OWN = "own"
    NONE = "none"


class Answer(StrEnum):
    """What the policy says to one request."""

    ALLOW = "allow"
    SIGN_IN = "sign_in"
    STEP_UP = "step_up"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, kw_only=True)
class PolicyLine:
    """Who may use one endpoint: `allow` holds roles, kinds and "service:<client>"; empty with `is_open`."""

    endpoint: str
    allow: frozenset[str] = frozenset()
    is_open: bool = False
    scope: Scope = Scope.NONE
    step_up: bool = False
    body_limit: int | None = None

    def lets_in(self, principal: Principal) -> bool:
        """Tell whether the principal is among those allowed, whatever the age of the log-in."""
        return self.is_open or any(name in self.allow for name in names_of(principal))


@dataclass(frozen=True, kw_only=True)
class Row:
    """One cell of the rights matrix: what `who` ("LC", "user", "citizen", "service:eprom", "anonymous") is answered."""

    endpoint: str
    who: str
    answer: Answer


class _UrlMap(Protocol):
    def iter_rules(self) -> Iterator[Any]: ...


class Routed(Protocol):
    """What the policy needs to know of a Flask app."""

    @property
    def url_map(self) -> _UrlMap:
        """All routes of the app."""


class Policy:
    """All lines of one service, by endpoint."""

    def __init__(self, lines: Sequence[PolicyLine]) -> None:
        self._lines = {line.endpoint: line for line in lines}
        if len(self._lines) != len(lines):
            raise PolicyError(f"endpoints stand twice in the policy: {', '.join(_doubles(lines))}")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a policy file; a misspelt key, role or scope is refused."""
        body = read_yaml_file(path) or []
        if not isinstance(body, list):
            raise PolicyError(f"{path.name}: the policy is a list of lines")
        return cls([_line(entry, path.name) for entry in body])

    def joined(self, other: "Policy") -> "Policy":
        """Return both policies as one; an endpoint may stand in one of them only."""
        return Policy([*self.lines, *other.lines])

    def only(self, endpoints: frozenset[str]) -> "Policy":
        """Return the lines of the given endpoints; used for kit routes a service does not have."""
        return Policy([line for line in self._lines.values() if line.endpoint in endpoints])

    @property
    def lines(self) -> list[PolicyLine]:
        """All lines, in the order of the file."""
        return list(self._lines.values())

    def line(self, endpoint: str) -> PolicyLine | None:
        """Return the line of one endpoint."""
        return self._lines.get(endpoint)

    def check_complete(self, app: Routed) -> None:
        """Raise PolicyError if a route has no line or a line has no route."""
        routes = {rule.endpoint for rule in app.url_map.iter_rules()}
        missing, left_over = sorted(routes - self._lines.keys()), sorted(self._lines.keys() - routes)
        if missing or left_over:
            raise PolicyError(f"routes without a policy line: {missing}; policy lines without a route: {left_over}")

    def decide(self, endpoint: str, principal: Principal, now: datetime) -> Answer:
        """Say what one request is answered; an unknown endpoint is forbidden."""
        line = self._lines.get(endpoint)
        if line is None:
            return Answer.FORBIDDEN
        if not line.lets_in(principal):
            return Answer.FORBIDDEN if principal.is_signed_in else Answer.SIGN_IN
        if line.step_up and not _is_fresh(principal, now):
            return Answer.STEP_UP
        return Answer.ALLOW

    def rows(self) -> list[Row]:
        """Return the whole rights matrix, for principals with a fresh log-in: every endpoint by every party."""
        parties = [*sorted(ROLES), *sorted(KINDS), *self._services(), Kind.ANONYMOUS.value]
        return [
            Row(endpoint=line.endpoint, who=who, answer=_expected(line, who))
            for line in self._lines.values()
            for who in parties
        ]

    def _services(self) -> list[str]:
        named = {name for line in self._lines.values() for name in line.allow if name.startswith(SERVICE)}
        return sorted(named | {f"{SERVICE}unknown"})


def names_of(principal: Principal) -> frozenset[str]:
    """Return the names under which a principal may stand in an allow list."""
    if principal.kind is Kind.ANONYMOUS:
        return frozenset()
    if principal.kind is Kind.SERVICE:
        return frozenset({f"{SERVICE}{principal.client_id or principal.subject}"})
    role = principal.role if principal.kind is Kind.USER else None
    return frozenset({principal.kind.value, *([role] if role else [])})


def _expected(line: PolicyLine, who: str) -> Answer:
    names = {who, Kind.USER.value} if who in ROLES else {who}
    if line.is_open or names & line.allow:
        return Answer.ALLOW
    return Answer.SIGN_IN if who == Kind.ANONYMOUS.value else Answer.FORBIDDEN


def _is_fresh(principal: Principal, now: datetime) -> bool:
    return principal.authenticated_at is not None and now - principal.authenticated_at <= FRESH_LOG_IN


def _doubles(lines: Sequence[PolicyLine]) -> list[str]:
    seen = [line.endpoint for line in lines]
    return sorted({endpoint for endpoint in seen if seen.count(endpoint) > 1})


def _line(entry: Any, source: str) -> PolicyLine:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("endpoint"), str):
        raise PolicyError(f"{source}: every line needs an endpoint")
    endpoint = entry["endpoint"]
    unknown = set(entry) - {"endpoint", "allow", "scope", "step_up", "body_limit"}
    if unknown:
        raise PolicyError(f"{source}: {endpoint}: unknown keys {sorted(unknown)}")
    allow = _allow(entry.get("allow"), f"{source}: {endpoint}")
    try:
        scope = Scope(entry.get("scope", Scope.NONE))
    except ValueError as error:
        raise PolicyError(f"{source}: {endpoint}: unknown scope {entry['scope']!r}") from error
    return PolicyLine(
        endpoint=endpoint,
        allow=allow or frozenset(),
        is_open=allow is None,
        scope=scope,
        step_up=_switch(entry, "step_up", f"{source}: {endpoint}"),
        body_limit=_limit(entry, f"{source}: {endpoint}"),
    )


def _allow(value: Any, where: str) -> frozenset[str] | None:
    if value == OPEN:
        return None
    if not isinstance(value, list) or not value:
        raise PolicyError(f'{where}: allow is "open" or a list of roles, kinds and services')
    for name in value:
        if not isinstance(name, str) or not _is_known(name):
            raise PolicyError(f"{where}: nobody is called {name!r}")
    return frozenset(value)


def _is_known(name: str) -> bool:
    return name in ROLES | KINDS or (name.startswith(SERVICE) and name != SERVICE)


def _switch(entry: Mapping[str, Any], key: str, where: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise PolicyError(f"{where}: {key} is true or false")
    return value


def _limit(entry: Mapping[str, Any], where: str) -> int | None:
    value = entry.get("body_limit")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value <= 0):
        raise PolicyError(f"{where}: body_limit is a number of bytes")
    return value
