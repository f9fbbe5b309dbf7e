"""How django-allauth behaves here: nobody signs up alone, accounts come by invitation."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: object) -> bool:  # noqa: ARG002  (the signature is allauth's)
        return False
