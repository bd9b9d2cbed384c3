"""Log: what is in my log?"""

import streamlit as st

from app import jobs, services, state, uploads
from app.parts.log_card import draw_log
from app.parts.mapping_form import draw_mapping
from app.parts.messages import show_error
from app.parts.progress import is_running, show_job
from app.parts.wording import log_size, period
from core.errors import BadInput

digest = state.log_digest()
pending = state.pending()

if digest and not pending:
    draw_log(services.log_of(digest))
    st.stop()

if not pending:
    st.title("Stop paying frontier prices for simple questions")
    st.write(
        "Tierwise reads your LLM query log, sorts the queries into simple, medium and complex, "
        "and shows which cheaper models could answer them, what that saves, and how sure that "
        "is. Everything stays on this machine; personal data is redacted before it is stored."
    )
    # No list of types: the browser would refuse a file with an icon and no visible words, and
    # what a file is shows in its content, not in its name.
    upload = st.file_uploader(
        "Query log",
        key=f"log-{state.upload_round()}",
        help="An export of Langfuse, Helicone, LiteLLM, LangSmith, Phoenix, OpenTelemetry, "
        "OpenAI, Anthropic, OpenRouter, Portkey, Braintrust, Weave and others, or any table with "
        "one row per query: CSV, TSV, JSON, JSONL, Parquet, Excel or SQLite, also in gzip or zip, "
        "up to 200 MB.",
    )
    if upload is not None:
        state.set_pending(uploads.keep_upload(upload))
        st.rerun()
    if st.button("Try the sample log", icon=":material/science:", key="sample"):
        state.set_pending(uploads.keep_sample())
        st.rerun()
    logs = services.known_logs()
    if logs:
        st.subheader("Opened before")
        place = st.container()
        for number, log in enumerate(logs):
            if number == 8:
                place = st.expander(f"{len(logs) - 8} older")
            left, right = place.columns([5, 1], vertical_alignment="center")
            left.text(f"{log.name}: {log_size(log)}, {period(log.first_time, log.last_time)}")
            right.button(
                "Open", key=f"open-{log.digest}", on_click=state.open_log, args=(log.digest,)
            )
    st.stop()

job = jobs.job_of("import", pending.path.name)
if is_running(job):
    st.header("Reading the log")
    show_job("import", pending.path.name, "Reading, redacting and counting tokens")
    st.stop()
if job and job.state == "done":
    if pending.monthly_queries:
        services.keep_volume(job.message, pending.monthly_queries)
    state.open_log(job.message)
    st.rerun()
if job and job.state == "failed":
    show_error(job.message)

try:
    look = services.first_look(str(pending.path), pending.name)
except BadInput as error:
    show_error(error)
    if st.button("Choose another file", key="another"):
        uploads.discard(pending)
        st.rerun()
    st.stop()

choices = draw_mapping(look, pending)
go, back, _ = st.columns([1, 1, 3])
if go.button("Read this log", type="primary", key="read", width="stretch"):
    if choices.mapping.source == "generic" and choices.mapping != look.mapping:
        services.remember_mapping(look.columns, choices.mapping)
    jobs.start_import(pending, choices.mapping, keep_text=choices.keep_text)
    st.rerun()
if back.button("Choose another file", key="another", width="stretch"):
    uploads.discard(pending)
    st.rerun()
