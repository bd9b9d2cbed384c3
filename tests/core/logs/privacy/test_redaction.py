from collections import Counter

import pyarrow as pa
import pytest

from core.logs.privacy.personal_data import KINDS
from core.logs.privacy.redaction import CUT_MARK, KEPT_BYTES, _clean, redact


def clean(text: str) -> str:
    return redact(pa.array([text]))[0].to_pylist()[0]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("write to ada.l@example.co.uk today", "write to <EMAIL> today"),
        ("card 4111 1111 1111 1111 please", "card <CARD> please"),
        ("card 378282246310005.", "card <CARD>."),
        ("pay DE89 3704 0044 0532 0130 00 now", "pay <IBAN> now"),
        ("iban GB82WEST12345698765432", "iban <IBAN>"),
        ("ssn 078-05-1120", "ssn <SSN>"),
        ("from 10.0.0.1 on", "from <IP> on"),
        ("server 192.168.0.12:8080 is down", "server <IP>:8080 is down"),
        ("ring me at +1 202 555 0143 soon", "ring me at <PHONE> soon"),
        ("(555) 123-4567 is mine", "<PHONE> is mine"),
        ("my phone number is 555 123 4567", "my phone number is <PHONE>"),
        ("key sk-abcdefghijklmnop1234", "key <SECRET>"),
        ("AKIAIOSFODNN7EXAMPLE leaked", "<SECRET> leaked"),
        ("postgres://bob:hunter2@db/x", "postgres://<URL_CREDENTIALS>@db/x"),
        ("password: hunter22!", "password: <SECRET>"),
        ("a -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- b", "a <PRIVATE_KEY> b"),
        ("jwt eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT", "jwt <JWT>"),
        ("Authorization: Bearer abc123def456ghi", "Authorization: Bearer <SECRET>"),
        ("Authorization: Basic dXNlcjpwYXNzd29yZA==", "Authorization: Basic <SECRET>"),
        ("my password is hunter22!", "my password is <SECRET>"),
        ("contraseña: Sol4r!s", "contraseña: <SECRET>"),
        ("AZURE_API_KEY='0123abcd4567efgh'", "AZURE_API_KEY='<SECRET>'"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "<SECRET>"),
        ("card 4111\u00a01111\u00a01111\u00a01111", "card <CARD>"),
        ("card ４１１１ １１１１ １１１１ １１１１", "card <CARD>"),
        ("mail ada\u200b@example.com", "mail <EMAIL>"),
        ("5500-0055-5555-5559,", "<CARD>,"),
        ("MIIEabcdefghijklmnop\n-----END RSA PRIVATE KEY----- x", "<PRIVATE_KEY> x"),
    ],
)  # fmt: skip
def test_personal_data_and_secrets_become_placeholders(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "version 1.3.21.1 of the tool",
        "v10.0.0.1 is out",
        "1.3.21.1.",
        "300.1.2.3 is no address",
        "add 100 100 100 and 200",
        "password: request.body.password",
        "token = get_token(user)",
        "my password is wrong",
        "card 4111 1111 1111 1112",
        "IBAN GB82 WEST 1234 5698 7654 33",
        "order 20261004 of 5551234567 items",
        "user@localhost and a @mention",
        "0000 0000 0000 0000",
        "the call was made 2026-10-05 12:00",
        "a basic introduction to chemistry",
        "the bearer of this letter",
        "tracking 1Z999AA10123456784",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "π is 3.14159265358979",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert clean(text) == text


def test_hits_are_counted_by_kind_and_null_stays_null() -> None:
    texts, hits = redact(pa.array(["a@b.io c@d.io", None, "nothing", "10.0.0.41"]))
    assert texts.to_pylist() == ["<EMAIL> <EMAIL>", None, "nothing", "<IP>"]
    assert hits == {"EMAIL": 2, "IP": 1}


def test_a_long_text_keeps_its_head_and_tail_and_no_half_number() -> None:
    text = "head " + "4111111111111111 " * 5_000 + "tail"
    cut = clean(text)
    assert len(cut.encode()) <= KEPT_BYTES
    assert cut.startswith("head <CARD>") and cut.endswith("<CARD> tail") and CUT_MARK in cut
    assert "411" not in cut


def test_a_long_text_of_wide_letters_is_cut_by_bytes() -> None:
    assert len(clean("語" * 30_000).encode()) <= KEPT_BYTES


@pytest.mark.parametrize(
    "unit", ["a.", "1 ", "-", "password:", "x@", "eyJ", "+1", "://a:", "A1 ", "("]
)
def test_a_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    text = unit * (KEPT_BYTES // len(unit))
    assert len(clean(text)) <= KEPT_BYTES  # a quadratic pattern would hang here


def test_no_cheap_sign_hides_what_a_pattern_would_find() -> None:
    """Every kind is found in any surroundings, as if each text were searched by all patterns."""
    pieces = [
        "write to ada.l@example.co.uk", "4111 1111 1111 1111", "GB82WEST12345698765432",
        "ssn 078-05-1120", "10.0.0.41", "+1 202 555 0143", "(555) 123-4567", "phone 555 123 4567",
        "sk-abcdefghijklmnop1234", "db://bob:hunter2@h/x", "password: hunter22!",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT", "Bearer abc123def456ghi",
    ]  # fmt: skip
    around = [("", ""), ("so: ", "."), ("«", "»"), ("é\n", "\t語"), ("x" * 300 + " ", ", and on")]
    texts = [f"{before}{piece}{after}" for piece in pieces for before, after in around]
    for text, cleaned in zip(texts, redact(pa.array(texts))[0].to_pylist(), strict=True):
        expected = text
        for kind in KINDS:
            expected = _clean(expected, kind, Counter())
        assert cleaned == expected != text
