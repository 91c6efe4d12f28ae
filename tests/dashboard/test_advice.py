"""指导意见 is read back: title, figures, sentences, tables, fonts, page numbers."""

import shutil
import subprocess
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from dashboard import whatif_views
from dashboard.exports.advice import advice_bytes
from dashboard.formats import price_text, units_text, yuan_text
from procurement.database import open_database, reading
from procurement.filters import Filters
from procurement.language import in_language

KEY = ("H41090200001", "省际联盟骨科创伤", 1)


@pytest.fixture(scope="module")
def advice(sample_ledger):
    with reading(open_database(sample_ledger)) as connection:
        return whatif_views.advice(connection, Filters(), *KEY)


@pytest.fixture(scope="module")
def content(advice):
    return advice_bytes(advice)


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(BytesIO(content))


def text(document):
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_title_names_institution_batch_and_year(document):
    title = "关于濮阳市示例第一医院省际联盟骨科创伤第1协议年度的采购指导意见"
    assert document.paragraphs[0].text == title
    assert document.core_properties.title == title
    assert document.paragraphs[1].text == "濮阳市示例第一医院："


def test_the_figures_are_todays(advice, document):
    told = dict(cells(document.tables[0])[1:])
    assert told["结余留用金额"] == yuan_text(advice.today["retained_amount"])
    assert told["医保资金预算"] == yuan_text(advice.today["budget_amount"])
    assert told["考核得分"] == "74"


def test_the_five_best_switches_stand_in_sentences(advice, document):
    numbered = [p.text for p in document.paragraphs if p.text[:2] in [f"{n}." for n in range(1, 10)]]
    assert len(numbered) == 5
    best = advice.switches.iloc[1]
    for part in (
        f"{units_text(best['moved_equivalent'])}套",
        f"每套{price_text(best['paid_unit_price'])}元",
        f"减少{yuan_text(best['invoice_saving_amount'])}",
        f"增加{yuan_text(best['gain_amount'])}",
    ):
        assert part in numbered[1]
    assert "提高考核得分6分" in numbered[0]


def test_what_all_together_bring_is_told(advice, document):
    together = advice.switches.iloc[-1]
    assert f"达到{yuan_text(together['retained_amount'])}" in text(document)


def test_the_varieties_of_the_batch_are_told_what_to_report(advice, document):
    rows = cells(document.tables[1])
    assert rows[0] == ["品种", "近12个月用量", "用量增长", "建议报量", "建议区间", "上次报量", "报量判断"]
    proposed = dict(zip(advice.guidance["variety"], advice.guidance["proposed_equivalent"], strict=True))
    assert {row[0]: row[3] for row in rows[1:]} == {name: units_text(v) for name, v in proposed.items()}


def test_policies_are_told_with_their_sources_and_examples_marked(document):
    rows = cells(document.tables[2])
    assert len(rows) == 1 + 8 + 6
    assert any("医保发〔2020〕26号" in row[3] for row in rows)
    assert all("请按本市文件替换" in row[3] for row in rows if row[3].startswith("示例"))


def test_it_is_a4_with_our_fonts_and_page_numbers(document):
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = {
        run._element.rPr.rFonts.get(qn("w:eastAsia"))
        for paragraph in [*document.paragraphs, *document.tables[0].rows[0].cells[0].paragraphs]
        for run in paragraph.runs
    }
    assert fonts == {"FangSong", "SimHei"}
    footer = section.footer.paragraphs[0]._element
    assert [field.text for field in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_there_is_room_for_seal_and_date(document):
    assert "盖章" in document.paragraphs[-2].text
    assert "年" in document.paragraphs[-1].text and "日" in document.paragraphs[-1].text


def test_every_table_fits_between_the_margins(document):
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= room


@pytest.mark.parametrize("reason", ["no_score", "score_too_low", "no_surplus"])
def test_an_institution_that_keeps_nothing_is_told_why(sample_ledger, reason):
    from dashboard.formats import word_text
    from procurement.figures import retention

    with reading(open_database(sample_ledger)) as connection:
        rows = retention(connection)
        row = rows[rows["reason"] == reason].iloc[0]
        key = (row["institution_code"], row["batch"], int(row["agreement_year"]))
        made = docx.Document(BytesIO(advice_bytes(whatif_views.advice(connection, Filters(), *key))))
    assert word_text(reason) in text(made)


def test_the_english_reader_gets_it_in_english(sample_ledger):
    with in_language("en"), reading(open_database(sample_ledger)) as connection:
        made = docx.Document(BytesIO(advice_bytes(whatif_views.advice(connection, Filters(), *KEY))))
    assert len(made.tables) == 3


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_it(content, tmp_path):
    file = tmp_path / "advice.docx"
    file.write_bytes(content)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "advice.pdf").read_bytes()[:4] == b"%PDF"
