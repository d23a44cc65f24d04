"""Identity with users and applications in two organisations and in another registry; every party has an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import update

from services.identity.app import create_app
from services.identity.domain.application import Details
from services.identity.domain.codes import Purpose
from services.identity.domain.passkeys import NewPasskey
from services.identity.domain.roles import ADMINISTRATORS, LOCAL, Place, RoleCode
from services.identity.store.log_in_tables import SignOnRow
from services.identity.store.lost_phone_tables import LostPhoneRow
from services.identity.store.tables import ApplicationRow
from services.identity.usecases.accounts import Hashed, WorkPlace, open_account
from services.identity.usecases.apply_for_user import apply_for_user
from services.identity.usecases.claims import ACCESS_TYPE
from services.identity.usecases.one_time_code import open_attempt
from tests.identity.site import ISSUER, Site
from tests.identity.world import APPLICATION
from tests.security.parties import ABROAD, Places
from tests.security.scene import Scene, missing, secured
from tests.security.table import Thing

OWN, OTHER, REGION, SISTER = 10, 20, 1, 100
NOTHING = "3c" * 16
WORK = WorkPlace(position="nurse", department=1000, language="nb")
HASHED = Hashed(password="", stored="!", is_first=False)
REASON = {"reason": "Slutter."}
LOST = {"mobile": "40 00 77 77", "mobile_again": "40007777", "checked_how": "in_person"}


class Identity(Scene):
    """A coordinator sees the users of the own organisation only, a national one those of the registry."""

    places = Places(own=OWN, sister=SISTER, other=OTHER, parent=REGION)
    log_in_page = "/log-in"
    bodies = MappingProxyType(
        {
            "POST /applications/<application_id>/approve": {"role": "LU"},
            "POST /applications/<application_id>/reject": REASON,
            "POST /emergency/<int:emergency_id>/judge": {"judgement": "approved", "remark": "Nødvendig."},
            "POST /users/<int:user_id>/deactivate": REASON,
            "POST /users/<int:user_id>/reactivate": REASON,
            "POST /users/<int:user_id>/reset-password": REASON,
            "POST /users/<int:user_id>/end-sessions": REASON,
            "POST /users/<int:user_id>/lost-phone": {**LOST, **REASON},
            "POST /lost-phones/<matter_id>/reject": REASON,
            "POST /users/<int:user_id>/roles": {**REASON, "role": "LC", "at": str(OWN)},
            "POST /users/<int:user_id>/roles/<int:role_id>/change": {**REASON, "role": "LC"},
            "POST /users/<int:user_id>/roles/<int:role_id>/take": REASON,
            "POST /forgotten-password": {"user_name": "here"},
            "POST /my-page/security/passkeys/<int:passkey_id>/rename": {"name": "Telefonen"},
            "POST /language": {"language": "nb"},
        }
    )
    queries = MappingProxyType({"/api/revocations": {"since": "2026-11-01T00:00:00Z"}, "/api/users": {"user_id": "1"}})

    def __init__(self, folder):
        site = Site(folder, f"sqlite:///{folder}/identity.sqlite")
        super().__init__(site, create_app(secured(site.settings), site.parts))

    def things(self):
        here, there, abroad = (self._user(*at) for at in (("here", OWN), ("there", OTHER), ("abroad", OWN, ABROAD)))
        mixed = Thing(name="role of another", values={**here.values, "role_id": there.values["role_id"]})
        mixed = replace(mixed, registry="smertereg", organisation=OTHER)
        nobody = Thing(name="missing", values={"user_id": 999_999, "role_id": 999_999}, is_there=False)
        here_waits, there_waits = self._application("nina.ny", OWN), self._application("nora.ny", OTHER)
        abroad_waits = self._application("nils.ny", OWN, ABROAD)
        first = self._account("first")
        self._grant(first, "SC", None)
        role = Thing(name="role of another", values={}, body={"role_id": here.values["role_id"]}, is_there=False)
        reviews = [self._review(thing) for thing in (here, there, abroad)]
        emergencies = [self._emergency(thing) for thing in (here, there, abroad)]
        return {
            "POST /projects": [role],
            "POST /users/own-role": [replace(role, body={**role.body, "role": "LC"})],
            "emergency_id": [*emergencies, missing("emergency_id", 999_999)],
            "review_id": [*reviews, missing("review_id", 999_999)],
            "user_id": [here, there, abroad, nobody],
            "passkey_id": [self._passkey(here), missing("passkey_id", 999_999)],
            "role_id": [here, there, abroad, mixed, nobody],
            "matter_id": [
                *(self._lost_phone(user, first) for user in (here, there, abroad)),
                missing("matter_id", NOTHING),
            ],
            "token": [self._link(here), missing("token", NOTHING)],
            "application_id": [here_waits, there_waits, abroad_waits, missing("application_id", NOTHING)],
        }

    def principal(self, party):
        """A real account stands behind every user; only roles that are looked up again are written down."""
        found = super().principal(party)
        if found is None or not party.is_user:
            return found
        user_id = self._account(f"party{len(self._headers)}")
        if party.word in ADMINISTRATORS and (party.organisation or party.word not in LOCAL):
            self._grant(user_id, party.word, party.organisation, party.registry)
        return replace(found, subject=str(user_id))

    def session(self, party, principal):
        """The log-in behind the session, with its role chosen."""
        if not party.is_user:
            return {}
        sid, user_id = f"sid-{principal.subject}", int(principal.subject)
        with self.site.uow() as store:
            roles = store.users.roles_of(user_id)
            row = SignOnRow(sid=sid, user_id=user_id, begun_at=store.now, authenticated_at=principal.authenticated_at)
            row.amr = "pwd sms mfa"
            row.role_id = roles[0].role_id if roles else None
            store.log_ins.add_sign_on(row)
        return {"sign_on": sid, "provider_sid": sid}

    def token(self, party, name):
        """Signed by identity itself."""
        now = self.site.clock.now()
        audience = "elsewhere" if party.name.startswith("token for another") else name
        expires = now + timedelta(minutes=-10 if party.name == "token out of date" else 10)
        claims = {"iss": ISSUER, "aud": audience, "iat": int(now.timestamp()) - 900, "exp": int(expires.timestamp())}
        who = {"sub": "1", "kind": "user", "role": "LU", "registry": "smertereg", "organisation": OWN}
        if party.word.startswith("service:"):
            who = {"sub": party.word.partition(":")[2], "kind": "service"}
        return self.site.parts.keys.sign({**claims, **who}, token_type=ACCESS_TYPE)

    def _account(self, user_name):
        with self.site.uow() as store:
            details = {"user_name": user_name, "full_name": user_name, "mobile": user_name, "email": user_name}
            row = open_account(store, Details(**details), WORK, HASHED, self.site.messages)
            return row.user_id

    def _grant(self, user_id, role, organisation, registry="smertereg"):
        with self.site.uow() as store:
            place = Place(registry=registry, organisation=organisation)
            return store.users.grant(user_id, RoleCode(role), place, by=None).role_id

    def _user(self, name, organisation, registry="smertereg"):
        user_id = self._account(name)
        values = {"user_id": user_id, "role_id": self._grant(user_id, "LU", organisation, registry)}
        return Thing(name=name, values=values, registry=registry, organisation=organisation)

    def _lost_phone(self, user, first):
        account = self._account(f"lost {user.name}")
        self._grant(account, "LU", user.organisation, user.registry)
        matter_id = f"{account:032x}"
        sealed = self.site.seals.seal_wanted(f"+479999{account:04}", account, "mobile")
        with self.site.uow() as store:
            why = {"checked_how": "known", "reason": "Mistet.", "begun_by": first}
            row = LostPhoneRow(matter_id=matter_id, user_id=account, mobile=sealed, begun_at=store.now, **why)
            store.lost_phones.add(row)
        return replace(user, name=f"phone of {user.name}", values={"matter_id": matter_id})

    def _link(self, user):
        with self.site.uow() as store:
            link, _ = open_attempt(store, store.users.get(user.values["user_id"]), Purpose.LINK)
        return Thing(name="link", values={"token": link})

    def _review(self, of):
        with self.site.uow() as store:
            row, _ = store.reviews.open(Place(registry=of.registry, organisation=of.organisation))
        body = {f"role-{of.values['role_id']}": "confirmed"}
        values = {"review_id": row.review_id}
        return Thing(name=of.name, values=values, body=body, registry=of.registry, organisation=of.organisation)

    def _passkey(self, owner):
        """Somebody's passkey, which nobody else reaches."""
        made = NewPasskey(credential_id=b"1", public_key=b"", sign_count=0, transports=())
        with self.site.uow() as store:
            store.factors.add_passkey(owner.values["user_id"], made, "Telefonen", self.site.seals)
            passkey_id = store.factors.passkeys(owner.values["user_id"])[0].passkey_id
        return Thing(name="another's passkey", values={"passkey_id": passkey_id}, is_there=False)

    def _emergency(self, of):
        role_id = of.values["role_id"]
        with self.site.uow() as store:
            store.emergencies.add(role_id, "Vakt.")
        return replace(of, values={"emergency_id": role_id})

    def _application(self, user_name, organisation, registry="smertereg"):
        fields = {**APPLICATION, "user_name": user_name, "email": f"{user_name}@vest.example.no"}
        fields["mobile"] = f"400000{len(user_name) + organisation:02}"
        application_id = apply_for_user(fields, language="nb", seals=self.site.seals, uow=self.site.uow)
        with self.site.database.transaction() as session:
            row = update(ApplicationRow).where(ApplicationRow.application_id == application_id)
            session.execute(row.values(organisation=organisation, registry_key=registry))
        values = {"application_id": application_id}
        return Thing(name=user_name, values=values, registry=registry, organisation=organisation)
