"""Identity's database inside one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from services.identity.domain.account import Status
from services.identity.domain.application import Conflict
from services.identity.domain.errors import RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.domain.sign_on import Facts
from services.identity.store.applications import Applications, Messages
from services.identity.store.emergencies import Emergencies
from services.identity.store.factors import Factors
from services.identity.store.grants import Grants
from services.identity.store.links import Links
from services.identity.store.log_ins import LogIns, sign_on_of
from services.identity.store.lost_phones import LostPhones
from services.identity.store.reviews import Reviews
from services.identity.store.seals import Seals
from services.identity.store.units import Units
from services.identity.store.users import Users, place_of
from shared.auth.revocation import Revocation, not_before, revoke
from shared.db.errors import ConstraintBroken
from shared.outbox.unit_of_work import Store as KitStore

TAKEN = {
    "uq_user_account_user_name_hash": Conflict.USER_NAME,
    "uq_user_account_mobile_hash": Conflict.MOBILE,
    "uq_user_account_email_hash": Conflict.EMAIL,
}
_MOMENT = timedelta(microseconds=1)


class Store(KitStore):
    """Units, accounts, applications, log-ins, factors and grants; changes are saved when the transaction ends."""

    @cached_property
    def units(self) -> Units:
        """The organisation tree."""
        return Units(self.session, self.now)

    @cached_property
    def users(self) -> Users:
        """Accounts and roles."""
        return Users(self.session, self.now)

    @cached_property
    def applications(self) -> Applications:
        """Applications for access."""
        return Applications(self.session, self.now)

    @cached_property
    def reviews(self) -> Reviews:
        """The yearly reviews of who has access."""
        return Reviews(self.session, self.now)

    @cached_property
    def emergencies(self) -> Emergencies:
        """Access given in an emergency."""
        return Emergencies(self.session, self.now)

    @cached_property
    def messages(self) -> Messages:
        """Messages on their way."""
        return Messages(self.session, self.now)

    @cached_property
    def log_ins(self) -> LogIns:
        """Attempts, counters and log-ins."""
        return LogIns(self.session, self.now)

    @cached_property
    def lost_phones(self) -> LostPhones:
        """Lost phones that wait for a second person."""
        return LostPhones(self.session, self.now)

    @cached_property
    def factors(self) -> Factors:
        """Second factors beside SMS."""
        return Factors(self.session, self.now)

    @cached_property
    def grants(self) -> Grants:
        """Codes and tokens of clients."""
        return Grants(self.session, self.now)

    @cached_property
    def links(self) -> Links:
        """Links with accounts at upstream log-in providers."""
        return Links(self.session, self.now)

    def facts(self, sid: str, seals: Seals) -> Facts | None:
        """Who is logged in and as what; None when the log-in, the account or the chosen role is over."""
        row = self.log_ins.sign_on(sid)
        role = self.users.role(row.role_id) if row is not None else None
        if row is None or role is None:
            return None
        user = self.users.get(row.user_id)
        sign_on = sign_on_of(row, must_replace_password=user.password_is_first, has_choice=True)
        if not sign_on.is_live(self.now) or sign_on.must_replace_password or user.status != Status.ACTIVE:
            return None
        row.used_at = self.now
        return Facts(
            user_id=user.user_id,
            name=seals.name_of(user),
            language=user.language,
            sid=sid,
            authenticated_at=row.authenticated_at,
            amr=sign_on.amr,
            role=RoleCode(role.role),
            place=place_of(role),
            not_before=self.not_before(user.user_id),
        )

    def void_before_now(self, user_id: int) -> datetime:
        """Make everything issued to a user until now void, here and in the feed; returns that moment."""
        # A moment earlier than now, so that what is issued by this very act counts.
        moment = self.now - _MOMENT
        revoke(self.session, Revocation(user_id, moment))
        return moment

    def not_before(self, user_id: int) -> datetime | None:
        """The moment up to which everything issued to the user is void."""
        return not_before(self.session, user_id)


def taken(error: ConstraintBroken) -> RuleBroken | None:
    """The rule behind a broken constraint: the value belongs to another account."""
    conflict = TAKEN.get(error.name)
    return RuleBroken(f"{conflict.value}_taken") if conflict else None
