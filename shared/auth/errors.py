"""Why a token or a log-in was refused; each carries a code and never the token itself."""


class TokenRefused(Exception):  # noqa: N818  says what happened
    """A token does not count; `code` says what is wrong, such as "expired" or "audience"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SignInFailed(Exception):  # noqa: N818  says what happened
    """A log-in at the provider did not complete; `code` is the key of the sentence shown to the user."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ProviderUnavailable(Exception):  # noqa: N818  says what happened
    """The log-in provider does not answer, or answers nonsense."""


class ServiceUnavailable(Exception):  # noqa: N818  says what happened
    """Another service does not answer in time, or answers that it cannot."""

    def __init__(self, service: str, *, retry_after: int = 5) -> None:
        super().__init__(service)
        self.service = service
        self.retry_after = retry_after
