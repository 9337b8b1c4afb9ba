"""An OpenID Connect provider on a port of its own: Authlib's server, real keys, real HTTP, and one person who is logged in there.

`lies` changes what it says about itself or about them, so that a test can ask what we believe.
"""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import uvicorn
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Payload, OAuth2Request  # type: ignore[import-untyped]  # has no type hints
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant  # type: ignore[import-untyped]  # has no type hints
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin  # type: ignore[import-untyped]  # has no type hints
from authlib.oauth2.rfc6750 import BearerTokenGenerator  # type: ignore[import-untyped]  # has no type hints
from authlib.oauth2.rfc7636 import CodeChallenge  # type: ignore[import-untyped]  # has no type hints
from authlib.oidc.core.grants import OpenIDCode  # type: ignore[import-untyped]  # has no type hints
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it listens on this machine only
CLIENT, SECRET = "useit", "a secret between the two"


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    redirect_uri: str
    scope: str
    subject: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


@dataclass
class Client(ClientMixin):
    client_id: str = CLIENT
    id_token_signed_response_alg: str = "RS256"

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_redirect_uri(self, uri: str) -> bool:
        return uri.endswith("/console/login/sso/return")

    def get_default_redirect_uri(self) -> None:
        return None

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"

    def get_allowed_scope(self, scope: str) -> str:
        return scope


@dataclass
class Provider:
    """`subject`: who is logged in there; "" sends the browser back without a code. `away`: every answer is a 503."""

    address: str = ""
    subject: str = "7f3a-carer"
    away: bool = False
    lies: dict[str, Any] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    keys: KeySet = field(default_factory=lambda: KeySet([new_key()]))

    def sign(self, claims: dict[str, Any]) -> str:
        """An id token as it would be, with the test's lies in it."""
        told = {name: value for name, value in (claims | self.lies).items() if value is not None}
        if self.header.get("alg") == "none":
            return unsigned(told)
        key = self.keys.keys[-1]
        header = {"alg": "RS256", "kid": key.kid, **self.header}
        if header["alg"] == "HS256":  # the public key as the secret of a symmetric signature: everybody has it
            from joserfc.jwk import OctKey

            secret = OctKey.import_key(json.dumps(key.as_dict(private=False)).encode())
            return jwt.encode(header, told, secret, algorithms=["HS256"])
        return jwt.encode(header, told, key, algorithms=["RS256"])


def new_key() -> RSAKey:
    key = RSAKey.generate_key(2048, private=True)
    key.ensure_kid()
    return key


def unsigned(claims: dict[str, Any]) -> str:
    from joserfc.util import urlsafe_b64encode

    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts) + "."


class _Payload(OAuth2Payload):
    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    @property
    def data(self) -> dict[str, str]:
        return self._values

    @property
    def datalist(self) -> defaultdict[str, list[str]]:
        return defaultdict(list, {name: [value] for name, value in self._values.items()})


class _Server(AuthorizationServer):
    def create_oauth2_request(self, request: tuple[str, str, dict[str, str], dict[str, str]]) -> OAuth2Request:
        method, url, headers, values = request
        made = OAuth2Request(method, url, headers=headers)
        made.payload = _Payload(values)
        made._body = values  # where Authlib's client authentication looks for a posted secret
        return made

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT else None

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Nobody uses it for anything."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: Any, headers: list[tuple[str, str]]) -> Response:
        made = JSONResponse(body, status) if isinstance(body, dict) else PlainTextResponse(body, status)
        for name, value in headers:
            made.headers[name] = value
        return made


def _server(provider: Provider) -> _Server:
    class Grant(AuthorizationCodeGrant):
        def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
            asked = request.payload.data
            taken = {name: asked.get(name, "") for name in ("nonce", "code_challenge", "code_challenge_method")}
            provider.codes[code] = Code(code, request.payload.redirect_uri, request.payload.scope, request.user, **taken)

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            provider.codes.pop(authorization_code.code, None)

        def authenticate_user(self, authorization_code: Code) -> str:
            return authorization_code.subject

    class IdToken(OpenIDCode):
        def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
            return any(code.nonce == nonce for code in provider.codes.values())

        def encode_id_token(self, token: dict[str, Any], request: OAuth2Request) -> str:
            now = int(time.time())
            claims = {"iss": provider.address, "sub": request.user, "aud": CLIENT, "iat": now, "exp": now + 300}
            claims["nonce"] = request.authorization_code.get_nonce()
            claims["email"] = "bea@example.org"  # which must open nothing
            return provider.sign(claims)

    server = _Server(scopes_supported=["openid"])
    server.register_token_generator("default", BearerTokenGenerator(lambda **_: os.urandom(16).hex()))
    server.register_grant(Grant, [CodeChallenge(required=True), IdToken(require_nonce=True)])
    return server


def _routes(provider: Provider) -> list[Route]:
    server = _server(provider)

    def guarded(answer: Any) -> Any:
        async def endpoint(request: Request) -> Response:
            provider.asked.append(request.url.path)
            form = {k: v[-1] for k, v in parse_qs((await request.body()).decode()).items()}
            if provider.away:
                return PlainTextResponse("<html>Bad gateway</html>", 503)
            found: Response = answer((request.method, str(request.url), request.headers, dict(request.query_params) | form))
            return found

        return endpoint

    def describe(_: Any) -> Response:
        at = provider.address
        names = {"issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token"}
        return JSONResponse(names | {"jwks_uri": f"{at}/keys"} | provider.lies.get("description", {}))

    def authorize(request: Any) -> Response:
        grant = server.get_consent_grant(request, provider.subject)
        made: Response = server.create_authorization_response(request, grant_user=provider.subject or None, grant=grant)
        return made

    return [
        Route("/.well-known/openid-configuration", guarded(describe)),
        Route("/keys", guarded(lambda _: JSONResponse(provider.keys.as_dict(private=False)))),
        Route("/authorize", guarded(authorize)),
        Route("/token", guarded(server.create_token_response), methods=["POST"]),
    ]


@contextmanager
def running(host: str = "127.0.0.1") -> Iterator[Provider]:
    """A provider while it runs in a thread. `host`: another name of this machine makes it another site for a browser."""
    provider = Provider()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        provider.address = f"http://{host}:{port}"
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=_routes(provider)), log_level="error"))
        taken.listen(16)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join(10)


def answer_of(address: str) -> dict[str, str]:
    """The parameters that stand in an address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}
