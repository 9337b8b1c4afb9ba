"""Single sign-on against a real provider: what opens an account, and everything that must not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import KeySet
from sqlalchemy import func, select, update

from bot.db.base import now
from bot.errors import RefusedError, SettingsError, TransientError
from bot.house import House
from bot.settings import Oidc, Settings
from bot.staff import invitations, managing, oidc, sessions, sso, throttle
from bot.staff.models import AuditEntry, SsoAttempt, SsoLink, Staff
from tests.staff import provider as peer
from tests.staff.people import Colleague

ADDRESS = "192.0.2.1"


@pytest.fixture
def provider() -> Iterator[peer.Provider]:
    with peer.running() as running:
        yield running


@pytest.fixture
def linked(house: House, provider: peer.Provider, caseworker: Colleague) -> House:
    """A house with this provider, and a caseworker who is linked to who is logged in there."""
    offer(house, provider)
    with house.sessions.begin() as session:
        session.add(SsoLink(staff_id=caseworker.id, issuer=provider.address, subject=provider.subject))
    return house


def offer(house: House, provider: peer.Provider, secret: str | None = peer.SECRET) -> None:
    oidc.provider.cache_clear()
    chosen = Oidc(provider.address, peer.CLIENT, secret, "Example ID")
    object.__setattr__(house, "settings", dataclasses.replace(house.settings, oidc=chosen))


def there(begun: sso.Begun) -> dict[str, str]:
    """The browser goes to the provider; what it comes back with."""
    return peer.answer_of(httpx.get(begun.address).headers["location"])


def back(house: House, begun: sso.Begun, answer: dict[str, str], **changed: str) -> sso.Done:
    given = {"state": answer.get("state", ""), "code": answer.get("code", ""), "issuer": answer.get("iss", "")}
    return sso.finish(house, **{**given, "browser": begun.browser, "address": ADDRESS, **changed})


def whole(house: House) -> sso.Done:
    begun = sso.begin(house, "login", ADDRESS)
    return back(house, begun, there(begun))


def refused(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(RefusedError) as error:
        call(*args, **kwargs)  # type: ignore[operator]  # called by name with anything
    return error.value.reason


def test_a_linked_account_is_opened_and_the_code_flow_uses_pkce_state_and_nonce(linked: House, caseworker: Colleague) -> None:
    begun = sso.begin(linked, "login", ADDRESS)
    asked = peer.answer_of(begun.address)
    assert asked["response_type"] == "code" and asked["scope"] == "openid" and asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43 and len(asked["code_challenge"]) == 43
    done = back(linked, begun, there(begun))
    assert (done.staff_id, done.purpose) == (caseworker.id, "login")


def test_nothing_of_a_sign_on_stands_in_clear_in_the_database(linked: House) -> None:
    begun = sso.begin(linked, "login", ADDRESS)
    asked = peer.answer_of(begun.address)
    with linked.database.connect() as connection:
        row = " ".join(map(str, connection.exec_driver_sql("SELECT * FROM sso_attempts").one()))
    assert not any(secret in row for secret in (asked["state"], asked["nonce"], begun.browser, ADDRESS))


def test_the_same_e_mail_address_opens_nothing(house: House, provider: peer.Provider, admin: Colleague) -> None:
    offer(house, provider)
    with house.sessions.begin() as session:
        session.get_one(Staff, admin.id).email = "bea@example.org"  # what the provider says of whoever is logged in there
    assert refused(whole, house) == "sso_unknown"
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(SsoLink)) == 0
        said = session.scalars(select(AuditEntry).where(AuditEntry.verb == "staff.sso_refused")).one()
        assert (said.actor, said.why) == ("nobody", "sso_unknown")


def test_an_answer_is_taken_once(linked: House) -> None:
    begun = sso.begin(linked, "login", ADDRESS)
    answer = there(begun)
    back(linked, begun, answer)
    assert refused(back, linked, begun, answer) == "sso_again"


def test_a_code_is_worth_nothing_in_another_sign_on(linked: House) -> None:
    first, second = sso.begin(linked, "login", ADDRESS), sso.begin(linked, "login", ADDRESS)
    stolen = there(first)["code"]
    assert refused(back, linked, second, there(second), code=stolen) == "sso_refused"  # the verifier is another one's


def test_another_browser_cannot_end_what_this_one_began(linked: House) -> None:
    begun = sso.begin(linked, "login", ADDRESS)
    answer = there(begun)
    for browser in ("", "x" * 64, sso.begin(linked, "login", ADDRESS).browser):
        assert refused(back, linked, begun, answer, browser=browser) == "sso_again"
    assert refused(back, linked, begun, answer) == "sso_again"  # and the attempt is gone


def test_an_answer_after_ten_minutes_is_too_late(linked: House) -> None:
    begun = sso.begin(linked, "login", ADDRESS)
    answer = there(begun)
    with linked.sessions.begin() as session:
        session.execute(update(SsoAttempt).values(created_at=now() - sso.LASTS - dt.timedelta(seconds=1)))
    assert refused(back, linked, begun, answer) == "sso_again"


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another one"},
        {"nonce": None},
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": ["useit", "another client"]},  # and no azp that says who of them
        {"azp": "another client"},
        {"aud": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=lambda lie: "-".join(f"{name}-{'time' if name in ('exp', 'iat') and value else value}" for name, value in lie.items()),
)
def test_a_token_that_is_not_ours_of_now_from_them_is_refused(
    lie: dict[str, object], linked: House, provider: peer.Provider
) -> None:
    provider.lies = lie
    assert refused(whole, linked) == "sso_refused"


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"kid": "nobodys"}], ids=str)
def test_a_token_that_they_did_not_sign_is_refused(header: dict[str, str], linked: House, provider: peer.Provider) -> None:
    provider.header = header
    assert refused(whole, linked) == "sso_refused"


def test_a_token_signed_with_another_key_of_the_same_name_is_refused(linked: House, provider: peer.Provider) -> None:
    whole(linked)
    true_key, other = provider.keys.keys[0], peer.new_key()
    forged = type(other).import_key({**other.as_dict(private=True), "kid": str(true_key.kid)})
    provider.sign = peer.Provider(keys=KeySet([forged]), address=provider.address).sign  # type: ignore[method-assign]  # the liar
    assert refused(whole, linked) == "sso_refused"


def test_new_keys_of_the_provider_are_fetched_when_they_are_used(linked: House, provider: peer.Provider) -> None:
    whole(linked)
    provider.keys = KeySet([peer.new_key()])
    assert whole(linked).purpose == "login"
    assert provider.asked.count("/keys") == 2 and provider.asked.count("/.well-known/openid-configuration") == 1


def test_an_answer_that_names_another_issuer_is_refused(linked: House, provider: peer.Provider) -> None:
    begun = sso.begin(linked, "login", ADDRESS)
    assert refused(back, linked, begun, there(begun), issuer="https://other.example") == "sso_refused"
    begun = sso.begin(linked, "login", ADDRESS)
    assert back(linked, begun, there(begun), issuer=provider.address).purpose == "login"


def test_whoever_is_not_let_in_there_is_not_in_here(linked: House, provider: peer.Provider) -> None:
    provider.subject = ""
    begun = sso.begin(linked, "login", ADDRESS)
    answer = there(begun)
    assert answer["error"] == "access_denied"
    assert refused(back, linked, begun, answer) == "sso_denied"


def test_a_wrong_client_secret_is_refused_there(house: House, provider: peer.Provider, caseworker: Colleague) -> None:
    offer(house, provider, secret="not it")
    assert refused(whole, house) == "sso_refused"


@pytest.mark.parametrize(
    "description",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "ftp://127.0.0.1/token"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_provider_that_describes_itself_wrongly_is_not_used(
    description: dict[str, object], linked: House, provider: peer.Provider
) -> None:
    provider.lies = {"description": description}
    with pytest.raises(TransientError):
        sso.begin(linked, "login", ADDRESS)


def test_a_provider_that_is_away_closes_no_other_door(linked: House, provider: peer.Provider, caseworker: Colleague) -> None:
    for _ in range(throttle.WRONG + 1):
        begun = sso.begin(linked, "login", ADDRESS)
        answer = there(begun)
        provider.away = True
        with pytest.raises(TransientError):
            back(linked, begun, answer)
        provider.away = False
    assert caseworker.authenticate(address=ADDRESS) == caseworker.id  # none of that counted as a wrong login


def test_a_provider_that_never_answers_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from bot.staff import oidc_answers

    monkeypatch.setattr(oidc_answers, "TIMEOUT", httpx.Timeout(0.3))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        offer(house, peer.Provider(address=f"http://127.0.0.1:{silent.getsockname()[1]}"))
        with pytest.raises(TransientError):
            sso.begin(house, "login", ADDRESS)


def test_a_disabled_account_is_not_opened(linked: House, caseworker: Colleague) -> None:
    with linked.sessions.begin() as session:
        managing.disable(session, session.get_one(Staff, caseworker.id))
    assert refused(whole, linked) == "sso_unknown"


def test_guessing_is_throttled_by_address(linked: House) -> None:
    begun = sso.begin(linked, "login", ADDRESS)
    for _ in range(throttle.WRONG):
        assert refused(back, linked, begun, {"state": "guessed", "code": "x"}) == "sso_again"
    assert refused(whole, linked) == "throttled"
    begun = sso.begin(linked, "login", "192.0.2.9")
    assert back(linked, begun, there(begun), address="192.0.2.9").purpose == "login"


def test_sign_ons_that_are_begun_and_never_ended_are_limited_by_address(linked: House) -> None:
    for _ in range(sso.MOST_OPEN):
        sso.begin(linked, "login", ADDRESS)
    assert refused(sso.begin, linked, "login", ADDRESS) == "throttled"
    assert sso.begin(linked, "login", "192.0.2.9")


def test_a_link_is_made_only_while_the_session_that_asked_for_it_goes_on(
    house: House, provider: peer.Provider, caseworker: Colleague
) -> None:
    offer(house, provider)
    with house.sessions.begin() as session:
        token = sessions.start(session, caseworker.id)
    ended = sso.begin(house, "link", ADDRESS, staff_id=caseworker.id, session=token)
    begun = sso.begin(house, "link", ADDRESS, staff_id=caseworker.id, session=token)
    assert back(house, begun, there(begun)).purpose == "link"
    assert whole(house).staff_id == caseworker.id
    provider.subject = "somebody else"
    with house.sessions.begin() as session:
        sessions.end(session, token)
    assert refused(back, house, ended, there(ended)) == "sso_again"
    assert refused(whole, house) == "sso_unknown"


def test_one_sign_on_opens_one_account(linked: House, admin: Colleague) -> None:
    with linked.sessions.begin() as session:
        token = sessions.start(session, admin.id)
    begun = sso.begin(linked, "link", ADDRESS, staff_id=admin.id, session=token)
    assert refused(back, linked, begun, there(begun)) == "sso_taken"


def test_an_invitation_is_accepted_through_the_provider_once(house: House, provider: peer.Provider) -> None:
    offer(house, provider)
    with house.sessions.begin() as session:
        token = invitations.invite(session, "caseworker", email="new@example.org")
    begun = sso.begin(house, "invitation", ADDRESS, token=token, login="nadia", name="Nadia")
    number = back(house, begun, there(begun)).staff_id
    with house.sessions() as session:
        made = session.get_one(Staff, number)
        assert (made.login, made.role, made.email, made.password_hash) == ("nadia", "caseworker", "new@example.org", "")
    assert whole(house).staff_id == number
    provider.subject = "somebody else"
    again = sso.begin(house, "invitation", ADDRESS, token=token, login="other", name="Other")
    assert refused(back, house, again, there(again)) == "invitation"


def test_an_account_without_a_password_is_opened_by_none(house: House, provider: peer.Provider) -> None:
    offer(house, provider)
    with house.sessions.begin() as session:
        token = invitations.invite(session, "caseworker")
    begun = sso.begin(house, "invitation", ADDRESS, token=token, login="nadia", name="Nadia")
    number = back(house, begun, there(begun)).staff_id
    with house.sessions() as session:
        secret = session.get_one(Staff, number).totp_secret
        link = session.scalars(select(SsoLink)).one().id
    for password in ("", "nobody has this password"):
        assert refused(Colleague(house, number, "nadia", secret, password).authenticate) == "login"
    with house.sessions.begin() as session:  # and the only door stays
        assert refused(sso.unlink, session, session.get_one(Staff, number), link) == "no_password"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"USEIT_OIDC_ISSUER": "http://id.example.org"}, "USEIT_OIDC_ISSUER"),
        ({"USEIT_OIDC_ISSUER": "https://id.example.org/?x=1"}, "USEIT_OIDC_ISSUER"),
        ({"USEIT_OIDC_ISSUER": "id.example.org"}, "USEIT_OIDC_ISSUER"),
        ({"USEIT_OIDC_CLIENT_ID": ""}, "USEIT_OIDC_CLIENT_ID"),
        ({"USEIT_OIDC_CLIENT_SECRET_FILE": "/not/here"}, "USEIT_OIDC_CLIENT_SECRET_FILE"),
    ],
)
def test_a_provider_that_is_set_wrongly_is_said_at_the_start(
    changed: dict[str, str], named: str, environ: dict[str, str]
) -> None:
    right = {"USEIT_OIDC_ISSUER": "https://id.example.org", "USEIT_OIDC_CLIENT_ID": "useit"}
    found = Settings.read({**environ, **right}).oidc
    assert found is not None and found.name == "id.example.org" and found.client_secret is None
    with pytest.raises(SettingsError, match=f"^{named}:"):
        Settings.read({**environ, **right, **changed})


def test_the_secret_stands_in_a_file_and_is_never_shown(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("between the two\n")
    own = {"USEIT_OIDC_ISSUER": "https://id.example.org", "USEIT_OIDC_CLIENT_ID": "useit", "USEIT_OIDC_NAME": "Our ID"}
    read = Settings.read({**environ, **own, "USEIT_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")})
    assert read.oidc == Oidc("https://id.example.org", "useit", "between the two", "Our ID")
    assert "between" not in repr(read)
