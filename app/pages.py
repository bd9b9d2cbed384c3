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

    from app import elsewhere, state, warming
    from app.parts.door import come_in
    from app.parts.frame import draw_frame, pages_for
    from app.parts.messages import edge
    from app.site import is_shared_link, note_page

    # A file of our own: a named icon would be fetched from the network for the tab.
    icon = str(Path(__file__).with_name("icon.png"))
    st.set_page_config("Tierwise", page_icon=icon, layout="wide")

    with warming.drawing(), edge():
        # Whoever opens a shared link came for one page: no navigation, no other log or plan.
        here = None if is_shared_link() else come_in()
        page = st.navigation(
            pages_for(here.role if here else "owner"), position="top" if here else "hidden"
        )
        note_page(page.url_path)
        # The browser says its address itself: what is run goes by the page that was found for it.
        if page.url_path == "shared":
            page.run()
        elif here:
            draw_frame(here)
            elsewhere.get_ready(to_read=state.has_log())
            page.run()
