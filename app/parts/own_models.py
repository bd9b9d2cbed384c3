"""Models and prices of one's own: rented GPUs, tuned models, negotiated prices, discounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from app import planning, services, state
from app.parts.messages import show_error
from app.parts.wording import plain_untrusted, share
from core.catalog.additions import add_model, added_file, additions, remove_model, set_discount
from core.catalog.catalogue import Catalogue
from core.catalog.model import KINDS, Model
from core.errors import BadInput

TOKENS, RENT = "A price per token", "Rented GPUs"
SELF_HOSTED: Final = "self-hosted"


def draw_own_models(catalogue: Catalogue) -> None:
    """The models and discounts that were added, and forms for more."""
    models, discounts = additions()
    title = f"Your own models and prices: {len(models) + len(discounts)}"
    with st.expander(title if models or discounts else "Your own models and prices"):
        for model in models:
            _draw_row(str(model["id"]), f"model-{model['id']}", lambda m=model: _remove(m))
        for discount in discounts:
            words = f"{share(discount['share'])} off the list prices of {discount['provider']}"
            _draw_row(words, f"discount-{discount['provider']}", lambda d=discount: _end(d))
        st.markdown("**Add a model**")
        _draw_model_form(catalogue)
        st.markdown("**A discount on the list prices of a provider**")
        _draw_discount_form(catalogue)
        st.caption("What you add is kept in a file of this installation, which the commands read.")
        with st.popover("Write them in a file instead"):
            st.write("An example of models.yaml; restart the app after a change.")
            st.code(services.own_models_example(), language="yaml")
            st.text(f"The file: {services.own_models_file()}\nAdded here: {added_file()}")


def _draw_row(words: str, key: str, remove: Any) -> None:
    left, right = st.columns([11, 1], vertical_alignment="center")
    left.markdown(plain_untrusted(words))
    if right.button("", icon=":material/delete:", key=f"remove-{key}", help="Remove it"):
        remove()


def _remove(model: Mapping[str, Any]) -> None:
    planning.change_own_models(lambda *known: remove_model(model["id"], *known))
    state.say(f"{model['id']} is removed.")
    st.rerun()


def _end(discount: Mapping[str, Any]) -> None:
    ended = {**discount, "share": 0.0}
    planning.change_own_models(lambda *known: set_discount(ended, *known))
    state.say("The discount is removed.")
    st.rerun()


def _draw_model_form(catalogue: Catalogue) -> None:
    paid = st.radio("How it is paid", [TOKENS, RENT], horizontal=True, key="own-paid")
    with st.form("own-model", border=False, clear_on_submit=False):
        first, second, third = st.columns(3)
        name = first.text_input(
            "Name", max_chars=80, placeholder="our-support-model", key="own-name",
            help="As it is called in your logs and in your router.",
        )  # fmt: skip
        kind = second.selectbox(
            "Kind", KINDS, index=2 if paid == RENT else 3, key=f"own-kind-{paid}",
            format_func=lambda k: catalogue.guide(k).title,
        )  # fmt: skip
        like = third.selectbox(
            "As able as", list(catalogue.models), key="own-like",
            index=list(catalogue.models).index(catalogue.default_tiers.simple),
            format_func=lambda i: catalogue.get(i).name,
            help="Until outcomes of your own show it. The range is at least that of a judgement.",
        )  # fmt: skip
        values = _rent_fields() if paid == RENT else _price_fields(catalogue)
        left, middle, right = st.columns(3)
        window = left.number_input(
            "Context window, tokens", 1_000, 10_000_000, None, 1_000, key="own-window"
        )
        retires = middle.date_input("Retires", None, key="own-retires")
        source = right.text_input("Where the figures are from", "our contract", key="own-source")
        if not st.form_submit_button("Add the model", key="own-add"):
            return
    try:
        if not name.strip():
            raise BadInput("it has no name", where="this model", remedy="Give it one")
        stated = {"source": source.strip() or "ours", "as_of": services.today()}
        entry: dict[str, Any] = {
            "id": name.strip(),
            "kind": kind,
            "provider": values.pop("provider"),
            "ability": _ability(catalogue.get(like), services.today()),
        }
        for part, numbers in values.items():
            entry[part] = {**numbers, **stated}
        entry |= {"context_window": window} if window else {}
        entry |= {"retires": retires} if retires else {}
        planning.change_own_models(lambda *known: add_model(entry, *known))
    except BadInput as error:
        show_error(error)
        return
    state.say(f"{name.strip()} is in the catalogue.")
    st.rerun()


def _price_fields(catalogue: Catalogue) -> dict[str, Any]:
    first, second, third, fourth = st.columns(4)
    fresh = first.number_input("Input, $ per M", 0.0, 1_000.0, 0.15, 0.01, key="own-in")
    cached = second.number_input(
        "Cached input, $ per M", 0.0, 1_000.0, None, 0.01, placeholder="as input", key="own-cached"
    )
    output = third.number_input("Output, $ per M", 0.0, 1_000.0, 0.60, 0.01, key="own-out")
    provider = fourth.selectbox("Provider", _providers(catalogue), key="own-provider")
    price = {"input_usd_per_mtok": fresh, "output_usd_per_mtok": output}
    if cached is not None:
        price["cached_usd_per_mtok"] = cached
    return {"provider": provider, "price": price}


def _rent_fields() -> dict[str, Any]:
    first, second, third, fourth = st.columns(4)
    replicas = first.number_input("Replicas", 1, 10_000, 2, key="own-replicas")
    gpus = second.number_input("GPUs per replica", 1, 64, 1, key="own-gpus")
    usd = third.number_input("$ per GPU and hour", 0.0, 1_000.0, 3.99, 0.01, key="own-gpu-usd")
    speed = fourth.number_input(
        "Output tokens a second", 1.0, 1e6, None, 10.0, placeholder="not known", key="own-speed",
        help="Of one replica, at the latency that you want, with requests like yours. With it you "
        "see how busy the replicas are, and whether they are enough.",
    )  # fmt: skip
    overhead = st.slider(
        "Storage, egress and support on top", 0, 100, 15, format="%d%%", key="own-overhead"
    )
    rent: dict[str, Any] = {
        "replicas": replicas,
        "gpus_per_replica": gpus,
        "gpu_usd_per_hour": usd,
        "overhead_share": overhead / 100,
    }
    if speed is not None:
        rent["output_tokens_per_second"] = speed
    free = {"input_usd_per_mtok": 0.0, "output_usd_per_mtok": 0.0}
    return {"provider": SELF_HOSTED, "price": free, "rent": rent}


def _draw_discount_form(catalogue: Catalogue) -> None:
    with st.form("own-discount", border=False):
        first, second, third, fourth = st.columns([3, 2, 3, 2], vertical_alignment="bottom")
        provider = first.selectbox("Provider", _providers(catalogue), key="discount-provider")
        off = second.number_input("Off, %", 0.0, 99.0, 10.0, 1.0, format="%g", key="discount-share")
        source = third.text_input("Where it is from", "our contract", key="discount-source")
        if not fourth.form_submit_button("Set the discount", key="discount-set"):
            return
    values = {
        "provider": provider,
        "share": off / 100,
        "source": source.strip() or "ours",
        "as_of": services.today(),
    }
    try:
        planning.change_own_models(lambda *known: set_discount(values, *known))
    except BadInput as error:
        show_error(error)
        return
    state.say(f"{off:g}% off the list prices of {provider}.")
    st.rerun()


def _providers(catalogue: Catalogue) -> list[str]:
    found = {model.provider for model in catalogue.models.values()} - {SELF_HOSTED}
    return sorted(found)


def _ability(like: Model, today: Any) -> dict[str, Any]:
    return {
        "mean": round(like.ability.mean, 3),
        "sd": round(max(like.ability.sd, 0.9), 3),
        "source": f"as {like.name}, until own outcomes show it",
        "as_of": today,
    }
