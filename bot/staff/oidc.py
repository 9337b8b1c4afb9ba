"""OpenID Connect seen from the side that relies on a provider: the code flow with PKCE (OIDC Core 3.1, RFC 7636, RFC 9700).

What can go wrong has two names: TransientError when the provider is away or answers nonsense, RefusedError (sso_refused) when
what it says does not hold. Neither says why to a stranger; the log has the reason, without tokens.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.auth import ClientAuth  # type: ignore[import-untyped]  # has no type hints
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri  # type: ignore[import-untyped]  # has no type hints
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # has no type hints
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]  # has no type hints
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from bot.errors import RefusedError
from bot.settings import Oidc
from bot.staff.oidc_answers import ask, json_object, nonsense

FRESH_SECONDS = 5.0  # a browser is sent to a provider that has answered us this long ago at most, not to one that is away
KEPT_SECONDS = 3600.0  # how long its description is believed for the rest
LEEWAY = 60  # seconds by which two clocks may differ
# only what is signed with a private key of the provider: with "none" or HS256 anybody could be anybody
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Identity:
    """Who somebody is at the provider. Only both together name anybody."""

    issuer: str
    subject: str


class Provider:
    """One provider. Safe to share between threads; its description and keys are fetched when they are first needed."""

    def __init__(self, settings: Oidc, redirect_uri: str) -> None:
        self._settings, self._redirect = settings, redirect_uri
        self._lock = threading.Lock()
        self._known: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._asked = self._keys_asked = 0.0

    def address(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where to send the browser. Raises TransientError."""
        return str(
            prepare_grant_uri(
                self._description(FRESH_SECONDS)["authorization_endpoint"],
                client_id=self._settings.client_id,
                response_type="code",
                redirect_uri=self._redirect,
                scope="openid",  # who they are; we need neither their name nor their e-mail
                state=state,
                nonce=nonce,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
            )
        )

    def identity(self, *, code: str, verifier: str, nonce: str) -> Identity:
        """Who has come back with this code. Raises TransientError, RefusedError (sso_refused)."""
        token = self._token(code, verifier)
        if not isinstance(token.get("id_token"), str):
            raise _refused("no id token")
        claims = self._verified(token["id_token"], nonce, token.get("access_token"))
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
            raise _refused("no subject")
        return Identity(self._description()["issuer"], subject)

    def is_issuer(self, named: str) -> bool:
        """Whether an answer that names its issuer (RFC 9207) names this one. Raises TransientError."""
        return bool(named == self._description()["issuer"])

    def _token(self, code: str, verifier: str) -> dict[str, Any]:
        description = self._description()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._redirect, "code_verifier": verifier}
        accepted = description.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        method = "none" if self._settings.client_secret is None else "client_secret_basic"
        if method != "none" and method not in accepted and "client_secret_post" in accepted:
            method = "client_secret_post"
        auth = ClientAuth(self._settings.client_id, self._settings.client_secret, method)
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        url, headers, body = auth.prepare("POST", description["token_endpoint"], headers, urlencode(form))
        status, answer = ask("POST", url, headers=headers, content=body)
        if 400 <= status < 500:
            raise _refused(f"the token endpoint says {status}")
        return json_object(status, answer)

    def _verified(self, token: str, nonce: str, access_token: object) -> dict[str, Any]:
        """The claims of a token that is the provider's, for us, of this login and still good."""
        options = {
            "iss": {"essential": True, "value": self._description()["issuer"]},
            "aud": {"essential": True, "value": self._settings.client_id},
        }
        params = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": access_token}
        try:
            read = self._decoded(token)
            claims = CodeIDToken(read.claims, read.header, options, params)
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _refused(type(error).__name__) from error
        return dict(claims)

    def _decoded(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # the provider may have changed its keys since we asked
            return jwt.decode(token, self._key_set(fresh=True), algorithms=ALGORITHMS)

    def _description(self, seconds: float = KEPT_SECONDS) -> dict[str, Any]:
        """The provider's own description of itself (OIDC Discovery 1.0), each address of it as safe as its issuer's."""
        with self._lock:
            if self._known and time.monotonic() - self._asked < seconds:
                return self._known
            found = json_object(*ask("GET", self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"))
            if str(found.get("issuer")).rstrip("/") != self._settings.issuer.rstrip("/"):
                raise nonsense("it names another issuer")
            for name in ENDPOINTS:
                scheme = urlsplit(str(found.get(name))).scheme
                if scheme != "https" and scheme != urlsplit(self._settings.issuer).scheme:
                    raise nonsense(f"its {name} is not safe")
            self._known, self._asked = found, time.monotonic()
            return found

    def _key_set(self, *, fresh: bool = False) -> KeySet:
        description = self._description()
        with self._lock:
            if self._keys is None or fresh or time.monotonic() - self._keys_asked > KEPT_SECONDS:
                found = json_object(*ask("GET", description["jwks_uri"]))
                try:
                    self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type]  # checked by the import itself
                except (JoseError, ValueError, TypeError, KeyError) as error:
                    raise nonsense("its keys cannot be read") from error
                self._keys_asked = time.monotonic()
            return self._keys


@lru_cache(maxsize=8)
def provider(settings: Oidc, redirect_uri: str) -> Provider:
    """The same provider for the same settings, so that its description is asked for once an hour."""
    return Provider(settings, redirect_uri)


def _refused(what: str) -> RefusedError:
    log.warning("single sign-on: refused: %s", what)
    return RefusedError("the sign-on was not accepted", "sso_refused")
