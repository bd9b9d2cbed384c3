import pyarrow as pa
import pytest

from core.logs.redaction import CUT_MARK, KEPT_BYTES, redact


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
        ("a -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- b", "a <SECRET> b"),
        ("jwt eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.SflKxwRJSMeKKF2QT", "jwt <SECRET>"),
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
