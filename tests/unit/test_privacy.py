"""Nothing that identifies a person leaves unmasked."""

from __future__ import annotations

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockcust import privacy
from stockcust.errors import CallError


@pytest.fixture(autouse=True)
def _fresh_key():
    privacy.installation_key.cache_clear()
    yield
    privacy.installation_key.cache_clear()


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("欧阳某某", "欧***"), ("王", "王"), ("", "")]
)
def test_a_name_keeps_its_first_character(name, masked):
    assert privacy.mask_name(name) == masked


@pytest.mark.parametrize(
    ("mobile", "masked"),
    [("13812345678", "138****5678"), ("0371-6512345", "************"), ("", "")],
)
def test_a_mobile_keeps_three_and_four_digits_and_other_numbers_none(mobile, masked):
    assert privacy.mask_mobile(mobile) == masked


def test_free_text_loses_mobile_identity_and_card_numbers():
    text = "电话13812345678, 证件41010119800101123X, 卡号6222021234567890123, 金额1200000"
    assert (
        privacy.redact(text) == "电话138****5678, 证件******************, 卡号****0123, 金额1200000"
    )


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text(alphabet="客户说 ,。", max_size=8))
def test_no_mobile_survives_in_any_text(mobile, words):
    assert mobile not in privacy.redact(words + mobile + words)


def test_the_same_key_gives_the_same_hash_and_another_key_another():
    first, again = (privacy.customer_keys(["00012", "00013"], b"k" * 16) for _ in range(2))
    other = privacy.customer_keys(["00012", "00013"], b"q" * 16)
    assert first == again
    assert len(set(first) | set(other)) == 4
    assert all("00012" not in key for key in first)


def test_the_key_of_the_environment_wins(monkeypatch):
    monkeypatch.setenv(privacy.KEY_VARIABLE, "a secret of the bank")
    assert privacy.installation_key() == b"a secret of the bank"


def test_a_short_key_is_refused(monkeypatch):
    monkeypatch.setenv(privacy.KEY_VARIABLE, "short")
    with pytest.raises(CallError, match="16 characters"):
        privacy.installation_key()


def test_without_a_variable_a_key_is_made_once_and_only_its_owner_can_read_it(
    monkeypatch, tmp_path
):
    monkeypatch.delenv(privacy.KEY_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    made = privacy.installation_key()
    privacy.installation_key.cache_clear()
    file = tmp_path / "stockcust" / "key"
    assert privacy.installation_key() == made == file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
