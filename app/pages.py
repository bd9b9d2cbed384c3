"""What Tierwise shows: its pages and the frame around them. Started by `main.py`."""

# A worker process started with "spawn" imports this file again under another name; the guard
# keeps it from running the whole app there.
if __name__ == "__main__":
    import sys
    from pathlib import Path

    # `streamlit run` puts app/ on the path, not the folder that holds app/ and core/.
    root = str(Path(__file__).resolve().parents[1])
    if root not in sys.path:
        sys.path.insert(0, root)

    import streamlit as st

    from app.parts.frame import draw_frame, is_shared_link

    # A file of our own: a named icon would be fetched from the network for the tab.
    icon = str(Path(__file__).with_name("icon.png"))
    st.set_page_config("Tierwise", page_icon=icon, layout="wide")

    pages = [
        st.Page("screens/log.py", title="Log", default=True, help="What is in my log?"),
        st.Page("screens/queries.py", title="Queries", help="How hard are my queries?"),
        st.Page("screens/models.py", title="Models", help="What could answer them?"),
        st.Page("screens/plan.py", title="Plan", help="Who should answer what?"),
        st.Page("screens/savings.py", title="Savings", help="What is it worth over time?"),
        st.Page(
            "screens/fine_tuning.py",
            title="Fine-tuning",
            url_path="fine-tuning",
            help="Does training our own pay back?",
        ),
        st.Page("screens/evidence.py", title="Evidence", help="Is it true on our traffic?"),
        st.Page("screens/plans.py", title="Plans", help="What have we decided?"),
        st.Page("screens/method.py", title="Method", help="How is it computed?"),
        st.Page("screens/shared.py", title="Shared plan", url_path="shared", visibility="hidden"),
    ]
    # Whoever opens a shared link came for one page: no navigation, no other log or plan.
    page = st.navigation(pages, position="hidden" if is_shared_link() else "top")
    draw_frame(page)
    page.run()
