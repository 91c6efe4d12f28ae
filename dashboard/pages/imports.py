"""数据导入: choose, check and mend, preview, confirm, receipt. Nothing is written before the confirmation."""

import streamlit as st

from dashboard import import_history, import_templates
from dashboard.import_permits import IMPORTING
from dashboard.import_way import follow_the_way
from procurement.language import _

st.title(_("数据导入"), anchor=False)
way, history, templates = st.tabs([_("导入文件"), _("导入记录"), _("模板")])
with way:
    follow_the_way(IMPORTING)
with history:
    import_history.show_history()
with templates:
    import_templates.offer_templates()
