"""Models: what could answer them?"""

import pandas as pd
import streamlit as st

from app import planning, services, state
from app.parts.own_models import draw_own_models
from app.parts.wording import batch_words, plain, price, usd_per_1000
from core.catalog.cautions import OLD_PRICE_DAYS, model_cautions
from core.catalog.model import KINDS
from core.routing.tier_costs import usd_of

digest = state.log_digest()
found = planning.sorted_log(digest) if digest else None
catalogue = found.catalogue if found else services.catalogue()
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
    "Abilities are in logits on the scale of query difficulty: measured on outcomes of this log "
    "where it has them, else on public ones of 2023 to 2025, and judged with a wide range where a "
    "model is newer."
)
if age > OLD_PRICE_DAYS:
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
                "Batch": batch_words(m),
                "Fixed a month": m.fixed_monthly_usd or None,
                "Context": m.context_window,
                "Beware": " ".join(model_cautions(m, services.today())),
                "Ability": f"{m.ability.mean:.1f} ± {m.ability.sd:.1f}",
                "Known from": f"{m.ability.origin}: {m.ability.source}, {m.ability.as_of:%b %Y}",
                "Price of": m.price.as_of if m.price else None,
                "Retires": m.retires,
                "Note": m.note,
            }
            if found and queries and (m.price or m.fixed_monthly_usd):
                cost = usd_of(found.traffic, m)
                row = {"Model": m.name, "1,000 of yours": 1000 * cost / queries} | row
                if m.output_tokens_per_month:
                    asked = queries * found.traffic.output_per_query
                    row["Busy with all of yours"] = 100 * asked / m.output_tokens_per_month
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
                "Price of": st.column_config.DateColumn(format="D MMM YYYY"),
                "Batch": st.column_config.TextColumn(
                    "Batch, $/M", help="In and out, for work that can wait for a day"
                ),
                "Busy with all of yours": st.column_config.NumberColumn(
                    format="%.1f%%",
                    help="How much of what its replicas can write this log would need, on "
                    "average. Peaks need room: from about 60% on there should be more replicas.",
                ),
                "Known from": st.column_config.TextColumn(width="medium"),
                "Beware": st.column_config.TextColumn(width="medium"),
                "Context": st.column_config.NumberColumn(format="localized"),
            },
            alt=f"Models of the kind {kind} with prices and abilities",
        )

draw_own_models(catalogue)
