"""A share link survives the login, and no link, cookie or code of it reaches the server's log."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from joserfc import jwk, jwt
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

ROOT = Path(__file__).parents[2]
COOKIE_SECRET = "a cookie secret for this test only"
TOKEN = "Zq7-share-token_42xyzABC"  # looks like a share link's


class Site(NamedTuple):
    """The app behind a login: its address, and what its log says so far."""

    url: str
    said: Callable[[], str]


class Provider(BaseHTTPRequestHandler):
    """A login of the smallest kind that OpenID Connect allows: one person, one link each way.

    Also another site, which puts a page of the app into a frame.
    """

    key = jwk.RSAKey.generate_key(2048, {"kid": "1", "alg": "RS256", "use": "sig"})
    nonce = ""

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.server.server_address[1]}"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            places = {
                "authorization_endpoint": "/authorize",
                "token_endpoint": "/token",
                "jwks_uri": "/keys",
            }
            said = {name: self.issuer + path for name, path in places.items()}
            self._answer({"issuer": self.issuer, **said})
        elif parts.path == "/keys":
            self._answer({"keys": [self.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            Provider.nonce = asked["nonce"]
            state, back = asked["state"], asked["redirect_uri"]
            yes = urlencode({"code": "secret-code-77", "state": state})
            no = urlencode({"error": "access_denied", "state": state})
            page = f'<a href="{back}?{yes}">Log in as Ada</a> <a href="{back}?{no}">Refuse</a>'
            self._answer(page.replace("&state", "&amp;state"), "text/html")
        elif parts.path == "/around":
            self._answer(f'<iframe src="{asked["page"]}"></iframe>', "text/html")
        else:
            self.send_error(404)  # a browser asks for an icon

    def do_POST(self) -> None:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "tierwise", "sub": "1", "email": "ada@example.org"}
        claims |= {"iat": now, "exp": now + 300, "nonce": Provider.nonce}
        signed = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        self._answer({"access_token": "a-77", "token_type": "Bearer", "id_token": signed})

    def _answer(self, said: object, kind: str = "application/json") -> None:
        body = (said if isinstance(said, str) else json.dumps(said)).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None: ...


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_address[1]}"  # another site than the app's
        server.shutdown()


@pytest.fixture(scope="module")
def site(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("login")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    secrets = {
        "redirect_uri": f"{url}/oauth2callback",
        "cookie_secret": COOKIE_SECRET,
        "client_id": "tierwise",
        "client_secret": "hush-hush-77",
        "server_metadata_url": f"{provider}/.well-known/openid-configuration",
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in secrets.items()]
    (folder / "secrets.toml").write_text("\n".join(["[auth]", *lines]))
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "secrets.files": folder / "secrets.toml",
        "logger.level": "debug",  # everything that any library has to say
    }
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py"]
    command += [f"--{name}={value}" for name, value in options.items()]
    env = os.environ | {"TIERWISE_HOME": str(folder), "DATABASE_URL": f"sqlite:///{folder}/t.db"}
    log = folder / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=env)
    try:
        _wait_for(f"{url}/health", process, log)
        yield Site(url, log.read_text)
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the app does not start:\n{log.read_text()}", pytrace=False)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url)
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def cookies(context: BrowserContext) -> dict[str, Any]:
    return {cookie["name"]: cookie for cookie in context.cookies()}


def who(context: BrowserContext) -> str:
    """What Streamlit's signed cookie says of the person."""
    signed = cookies(context)["_streamlit_user"]["value"].strip('"')
    return (decode_signed_value(COOKIE_SECRET, "_streamlit_user", signed) or b"").decode()


def test_a_share_link_is_shown_after_the_login_that_it_asked_for(page: Page) -> None:
    page.goto(f"/enter?next=/shared?plan={TOKEN}")
    kept = cookies(page.context)["tierwise_next"]
    assert kept["httpOnly"] and kept["sameSite"] == "Lax"
    assert 0 < kept["expires"] - time.time() <= 600

    page.get_by_text("Log in as Ada").click()
    page.wait_for_url(f"**/shared?plan={TOKEN}")
    expect(page.get_by_text("This link opens nothing")).to_be_visible()
    assert "ada@example.org" in who(page.context)
    assert "tierwise_next" not in cookies(page.context)


def test_a_refused_login_leads_to_the_start_and_a_second_try_to_the_link(page: Page) -> None:
    page.goto("/enter?" + urlencode({"next": f"/shared?plan={TOKEN}"}))
    page.get_by_text("Refuse").click()
    page.wait_for_url("**/")
    assert "_streamlit_user" not in cookies(page.context)

    page.goto("/enter?" + urlencode({"next": f"/shared?plan={TOKEN}"}))
    page.get_by_text("Log in as Ada").click()
    page.wait_for_url(f"**/shared?plan={TOKEN}")


@pytest.mark.parametrize("target", ["//evil.invalid", "/\\evil.invalid", "http://evil.invalid"])
def test_a_login_never_leads_to_another_site(page: Page, site: Site, target: str) -> None:
    page.goto(f"/enter?next={quote(target)}")
    page.get_by_text("Log in as Ada").click()
    page.wait_for_url(f"{site.url}/")


@pytest.mark.parametrize(
    ("path", "shown"),
    [("/shared?plan=x&embed=true", True), ("/shared?plan=x", False), ("/plans?embed=true", False)],
)
def test_another_site_may_frame_nothing_but_an_embedded_plan(
    page: Page, site: Site, provider: str, path: str, shown: bool
) -> None:
    page.goto(f"{provider}/around?" + urlencode({"page": site.url + path}))
    inside = page.frame_locator("iframe").get_by_text("This link opens nothing")
    expect(inside).to_have_count(1 if shown else 0)
    assert shown == any(frame.url == site.url + path for frame in page.frames)


def test_nothing_of_a_link_a_login_or_a_session_reaches_the_log(page: Page, site: Site) -> None:
    page.goto(f"/enter?next=/shared?plan={TOKEN}")
    page.get_by_text("Log in as Ada").click()
    expect(page.get_by_text("This link opens nothing")).to_be_visible()
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{site.url}/_stcore/agent/x?plan={TOKEN}")
    said = site.said()
    assert "AppSession initialized" in said  # it does say what happens
    secret = cookies(page.context)["_streamlit_user"]["value"]
    hexed = TOKEN.encode().hex(" ")[:20]
    for hidden in (TOKEN, "secret-code-77", "hush-hush-77", "ada@example.org", secret, hexed):
        assert hidden not in said
