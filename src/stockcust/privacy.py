"""Masks, redactions and the keyed hash that stands for a customer in everything written."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Iterable
from pathlib import Path

from stockcust.errors import CallError

KEY_VARIABLE = "STOCKCUST_KEY"
_MOBILE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_CARD_NUMBER = re.compile(r"(?<!\d)\d{12,15}(\d{4})(?!\d)")


def mask_name(name: str) -> str:
    """Keep the first character of a name, each other one becomes ``*``."""
    return name[:1] + "*" * (len(name) - 1)


def mask_mobile(mobile: str) -> str:
    """Keep the first three and last four digits of a mobile number."""
    return _MOBILE.sub(r"\1****\2", mobile) if _MOBILE.search(mobile) else "*" * len(mobile)


def redact(text: str) -> str:
    """Mask the mobile, identity and card numbers that stand in free text."""
    text = _ID_NUMBER.sub("*" * 18, text)
    text = _CARD_NUMBER.sub(r"****\1", text)
    return _MOBILE.sub(r"\1****\2", text)


def customer_keys(customer_ids: Iterable[str], key: bytes | None = None) -> list[str]:
    """Keyed hashes of customer ids, the same for one installation.

    Parameters
    ----------
    customer_ids : ids in any order.
    key : secret; by default `installation_key`.

    Returns
    -------
    list of 16 hexadecimal digits each, in the order of the ids.
    """
    secret = installation_key() if key is None else key
    return [_keyed_hash(secret, customer_id) for customer_id in customer_ids]


def _keyed_hash(key: bytes, customer_id: str) -> str:
    return hmac.new(key, customer_id.encode(), hashlib.sha256).hexdigest()[:16]


@functools.cache
def installation_key() -> bytes:
    """The secret of this installation: ``STOCKCUST_KEY``, else a file made once for the user.

    Raises
    ------
    CallError : the variable is set but shorter than 16 characters.
    """
    if value := os.environ.get(KEY_VARIABLE):
        if len(value) < 16:
            raise CallError(f"{KEY_VARIABLE} is shorter than 16 characters; set a longer secret")
        return value.encode()
    return _key_of_file(_key_file())


def _key_file() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "stockcust" / "key"


def _key_of_file(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        # of two runs that start together the first link stands, and both read the same key
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_bytes().strip()
