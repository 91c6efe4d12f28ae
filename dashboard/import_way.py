"""The way of files into the ledger: choose, check and mend, preview, confirm, receipt.

Nothing is written before the confirmation. Officials and institutions go the same way (import_permits).
"""

import streamlit as st

from dashboard import data, import_check, import_preview, import_problems
from dashboard.formats import word_text
from dashboard.import_mapping import ask_meanings
from dashboard.import_mode import choose_mode
from dashboard.import_permits import Permit
from dashboard.import_questions import ask_questions
from dashboard.import_receipt import show_receipt
from dashboard.import_skip import choose_to_skip
from dashboard.page import as_text, reader_filters
from etl.importing import Report
from etl.problems import Loudness
from procurement.language import N_, _

SAME_MONTHS = "covered-in-same-go"
"""The kind of problem that another mode mends: that choice is then part of the check."""

ENDINGS = ["xlsx", "xls", "xlsm", "xlsb", "et", "ods", "csv"]
STEPS = (N_("选择文件"), N_("检查结果"), N_("预览"), N_("确认载入"), N_("回执"))
CHOOSE, CHECK, PREVIEW, CONFIRM, RECEIPT = range(len(STEPS))


def show_steps(place, now: int) -> None:  # type: ignore[no-untyped-def]
    """Where we are on the way."""
    words = [f"{at + 1} {_(step)}" for at, step in enumerate(STEPS)]
    shown = [
        f":blue-badge[**{text}**]" if at == now else (text if at < now else f":gray[{text}]")
        for at, text in enumerate(words)
    ]
    place.markdown("　›　".join(shown))


def head(step: int) -> None:
    st.subheader(f"{step + 1}　{_(STEPS[step])}", anchor=False)


def choose_files(permit: Permit) -> list:
    """The files, and what they do not say of themselves: their kind and whose they are."""
    key = f"uploads_{st.session_state.get('import_round', 0)}"
    uploads = st.file_uploader(_("选择一个或多个工作簿"), type=ENDINGS, accept_multiple_files=True, key=key)
    left, right = st.columns(2)
    left.selectbox(
        _("表种"),
        permit.kinds_to_choose(),
        index=None,
        format_func=word_text,
        key=import_check.KIND,
        placeholder=_("按表头自动识别"),
    )
    with right:
        choose_institution(permit)
    return uploads


def institution_names() -> dict[str, str]:
    """The institutions that the reader may see, by their codes."""
    names = data.frame(data.choices, reader_filters())["institutions"]
    return names.set_index("institution_code")["institution_name"].to_dict()


def choose_institution(permit: Permit) -> None:
    """Whose rows they are where the file does not say it; of an only institution there is no question."""
    names = institution_names()
    if permit.is_own and len(names) == 1:
        st.session_state[import_check.INSTITUTION] = next(iter(names))
        text = _("采购记录未写明机构时，属于：{institution}")
        st.markdown(text.format(institution=f"**{as_text(next(iter(names.values())))}**"))
        return
    st.selectbox(
        _("采购记录未写明机构时，属于"),
        list(names),
        index=None,
        format_func=lambda code: names.get(code, code),
        key=import_check.INSTITUTION,
        placeholder=_("以文件中的机构为准"),
        filter_mode="contains",
    )


def show_check(reports: list[Report], uploads: list) -> bool:
    """What was found, and what a person may say to it; whether there is something to preview."""
    head(CHECK)
    verdict(reports)
    import_problems.show_files(reports, "check")
    ask_questions(reports, uploads)
    ask_meanings(reports)
    import_problems.show_problems(reports, uploads, "check")
    choose_to_skip(reports)
    if any(problem.kind.code == SAME_MONTHS for report in reports for problem in report.problems):
        choose_mode(reports)
    return all(report.is_good for report in reports) and any(r.status == "checked" for r in reports)


def verdict(reports: list[Report]) -> None:
    """One sentence: what comes next."""
    stopped = [report for report in reports if report.count(Loudness.STOP)]
    if stopped and all(import_problems.is_asked(report) for report in stopped):
        st.warning(_("文件里还缺一些内容。请在下面补充，再按“按此读取”。"))
    elif stopped:
        st.error(_("有文件无法载入。请按下面的说明补充或改正后重新上传，或移除该文件。"))
    elif not all(report.is_good for report in reports):
        st.warning(_("有些行有误。建议改正后重新上传；也可以跳过这些行，载入其余各行。"))
    elif all(report.status == "unchanged" for report in reports):
        st.info(_("这些文件的内容此前已经载入，无需重复载入。"))
    else:
        st.success(_("检查通过。请核对下面的预览，确认后才会写入。"))


def load_if_confirmed(uploads: list, choice: import_check.Choice, permit: Permit) -> None:
    """Load what was confirmed, if it is still what was on the screen."""
    confirmed = st.session_state.pop("import_confirmed", None)
    if confirmed is None:
        return
    done = import_check.load(uploads, confirmed, permit) if confirmed.is_like(choice) else None
    if done is not None:
        st.session_state["import_done"] = done
        import_check.start_again()
        st.rerun()
    st.warning(_("预览之后台账或选项有变动，没有写入任何数据；已重新检查，请再核对一遍预览。"))


def follow_the_way(permit: Permit) -> None:
    """The five steps, as far as these files have come."""
    place = st.empty()
    if done := st.session_state.get("import_done"):
        show_steps(place, RECEIPT)
        head(RECEIPT)
        show_receipt(done, permit)
        return
    head(CHOOSE)
    uploads = choose_files(permit)
    if not uploads:
        show_steps(place, CHOOSE)
        st.caption(_(permit.not_yet))
        return
    choice = import_check.choice_of(uploads)
    load_if_confirmed(uploads, choice, permit)
    reports = import_check.checked(uploads, choice, permit)
    if not show_check(reports, uploads):
        show_steps(place, CHECK)
        return
    show_steps(place, PREVIEW)
    head(PREVIEW)
    choose_mode(reports)
    import_preview.show_preview(reports)
    head(CONFIRM)
    import_preview.ask_confirmation(reports, choice, permit)
