"""A certificate authority of the tests' own, and what it signs for a mail server."""

from __future__ import annotations

import datetime as dt
import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certificates:
    """`ca`: the file to trust. `right`: for localhost. `stranger`: for localhost, signed by itself. `elsewhere`: for another name.
    `old`: ended yesterday."""

    ca: Path
    right: Path
    stranger: Path
    elsewhere: Path
    old: Path

    @classmethod
    def made(cls, folder: Path) -> Certificates:
        now = dt.datetime.now(dt.UTC)
        key = ec.generate_private_key(ec.SECP256R1())
        ca = _certificate("test authority", key, "test authority", key, now, ca=True)
        (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))

        def leaf(file: str, name: str, *, days: int = 2, own: bool = False) -> Path:
            its = ec.generate_private_key(ec.SECP256R1())
            signer = (name, its) if own else ("test authority", key)
            made = _certificate(name, its, *signer, now, days=days)
            private = its.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            (folder / file).write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
            return folder / file

        return cls(
            ca=folder / "ca.pem",
            right=leaf("right.pem", "localhost"),
            stranger=leaf("stranger.pem", "localhost", own=True),
            elsewhere=leaf("elsewhere.pem", "mail.example"),
            old=leaf("old.pem", "localhost", days=-1),
        )


def server_context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    now: dt.datetime,
    *,
    days: int = 2,
    ca: bool = False,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=10))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    if ca:
        usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
        builder = builder.add_extension(usage, critical=True)
    else:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
