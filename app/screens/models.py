"""Models: what could answer them?"""

import pandas as pd
import streamlit as st

from app import services, state
from app.parts.wording import plain, price, usd_per_1000
from core.catalog.model import KINDS
from core.routing.tier_costs import usd_of

catalogue = services.catalogue()
digest = state.log_digest()
found = services.sorted_log(digest) if digest else None
queries = found.traffic.monthly_queries if found else 0.0

usual = [
    catalogue.get(getattr(catalogue.default_tiers, t)) for t in ("simple", "medium", "complex")
]
if found and queries:
    costs = [f"{usd_per_1000(usd_of(found.traffic, m) / queries)} on {m.name}" for m in usual]
    st.header(plain(f"1,000 of your queries cost {costs[0]}, {costs[1]} and {costs[2]}"))
else:
    names = [m.name for m in usual]
    st.header(f"A plan starts with {names[0]}, {names[1]} and {names[2]}")
age = catalogue.price_age_days(services.today())
st.write(
    f"List prices of {catalogue.as_of:%d %B %Y}, from genai-prices, without asking the network. "
    "Abilities are in logits on the scale of query difficulty: measured on public outcomes of "
    "2023 to 2025 where a model is in them, judged with a wide range where it is newer."
)
if age > 90:
    st.warning(f"These prices are {age} days old. Update the genai-prices package.")

for kind, tab in zip(KINDS, st.tabs([catalogue.guide(k).title for k in KINDS]), strict=True):
    guide = catalogue.guide(kind)
    with tab:
        a, b, c = st.columns(3)
        a.markdown(plain(f"**What it is.** {guide.what}"))
        b.markdown(plain(f"**When to use it.** {guide.when}"))
        c.markdown(plain(f"**When not.** {guide.when_not}"))
        default = catalogue.get(guide.default_model)
        st.caption(
            plain(
                f"{guide.gap} ({guide.as_of:%d %b %Y}) Start with {default.name}: {price(default)}."
            )
        )
        rows = []
        for m in catalogue.by_kind(kind):
            row = {
                "Model": m.name,
                "Provider": m.provider,
                "In": m.price.input_usd_per_mtok if m.price else None,
                "Cached": m.price.cached_usd_per_mtok if m.price else None,
                "Out": m.price.output_usd_per_mtok if m.price else None,
                "Fixed a month": m.fixed_monthly_usd or None,
                "Ability": f"{m.ability.mean:.1f} ± {m.ability.sd:.1f}",
                "Known from": m.ability.origin,
                "Context": m.context_window,
                "Retires": m.retires,
                "Note": m.note,
            }
            if found and queries and (m.price or m.fixed_monthly_usd):
                cost = usd_of(found.traffic, m)
                row = {"Model": m.name, "1,000 of yours": 1000 * cost / queries} | row
            rows.append(row)
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            placeholder="",
            column_config={
                "1,000 of yours": st.column_config.NumberColumn(
                    format="$%.2f", help="Every query of this log on this model, per 1,000"
                ),
                **{
                    c: st.column_config.NumberColumn(f"{c}, $/M", format="$%.3f")
                    for c in ("In", "Cached", "Out")
                },
                "Fixed a month": st.column_config.NumberColumn(format="dollar"),
                "Ability": st.column_config.TextColumn(
                    help="Logits, with one standard deviation; higher is abler"
                ),
                "Retires": st.column_config.DateColumn(format="D MMM YYYY"),
                "Context": st.column_config.NumberColumn(format="localized"),
            },
            alt=f"Models of the kind {kind} with prices and abilities",
        )

with st.expander("Your own models and prices"):
    st.write(
        "Self-hosted and fine-tuned models, negotiated prices and discounts go into a file; "
        "restart the app after a change. An example:"
    )
    st.code(services.own_models_example(), language="yaml")
    st.text(f"The file: {services.own_models_file()}")
