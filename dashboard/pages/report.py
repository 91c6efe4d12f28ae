"""上报: how one's own months stand, the template, and the way of a file into the ledger."""

import streamlit as st

from dashboard import data, month_strip
from dashboard.import_permits import REPORTING
from dashboard.import_templates import offer_own
from dashboard.import_way import follow_the_way
from dashboard.page import reader_filters
from procurement.language import _
from procurement.reporting import reminders

st.title(_("上报"), anchor=False)
st.caption(_("每月把采购记录上传到这里：先检查，再预览，确认后才会写入，并得到可以打印的回执。"))
states = data.as_reported(month_strip.own_months, reader_filters())
if states.empty:
    st.info(_("台账中还没有您账号所属的机构，请联系医保部门或系统管理员。"))
    st.stop()
waiting = data.as_reported(reminders, reader_filters())
month_strip.tell_declaration()
month_strip.show_months(states, waiting)
with st.container(horizontal=True, vertical_alignment="bottom"):
    offer_own("purchases")
    month_strip.offer_declaration(states, waiting)
follow_the_way(REPORTING)
