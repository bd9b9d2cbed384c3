"""The container recipe names files, options and settings that there are."""

import re
from pathlib import Path

import pytest
import yaml
from streamlit import config

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".container"
DOCKERFILE = (FOLDER / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text())


def test_everything_that_is_copied_is_there_and_is_let_in() -> None:
    copied = [w for line in re.findall(r"^COPY (.+)", DOCKERFILE, re.M) for w in line.split()[:-1]]
    let_in = re.findall(r"^!([\w.]+)", (FOLDER / "Dockerfile.dockerignore").read_text(), re.M)
    assert len(copied) >= 7
    for name in copied:
        assert (ROOT / name).exists() and name in let_in


def test_the_app_does_not_run_as_root() -> None:
    user = re.search(r"^USER (\w+)", DOCKERFILE, re.M)
    assert user and f"--uid 1000 {user[1]}" in DOCKERFILE


@pytest.mark.parametrize("text", [DOCKERFILE, (FOLDER / "compose.yaml").read_text()])
def test_each_setting_of_streamlit_exists(text: str) -> None:
    known = {option.env_var for option in config.get_config_options().values()}
    assert set(re.findall(r"STREAMLIT_[A-Z_]+", text)) <= known


def test_each_service_waits_for_what_it_needs_and_keeps_what_it_must() -> None:
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        named = [v.split(":")[0] for v in service["volumes"] if not v.startswith(".")]
        assert named and set(named) <= set(volumes)
        for mounted in (v.split(":")[0] for v in service["volumes"] if v.startswith("./")):
            assert (FOLDER / mounted).exists()
    build = services["app"]["build"]
    assert (FOLDER / build["context"] / build["dockerfile"]).samefile(FOLDER / "Dockerfile")


def test_copies_of_the_app_share_their_logs_their_database_and_their_cookie_secret() -> None:
    app = COMPOSE["services"]["app"]
    assert "logs:/data" in app["volumes"]
    assert app["environment"]["DATABASE_URL"].startswith("postgresql+psycopg://")
    assert "COOKIE_SECRET" in app["environment"]["STREAMLIT_SERVER_COOKIE_SECRET"]
    assert "lb_policy cookie" in (FOLDER / "Caddyfile").read_text()
