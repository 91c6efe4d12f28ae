"""A small city: three institutions, two batches, a few products; loaded once, copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.importing import Report, import_files
from etl.reading.process import ReadingProcess
from procurement import ledger
from procurement.database import open_database
from tests.etl.books import xlsx

INSTITUTIONS = """
    机构编码     | 机构名称       | 机构类别      | 机构等级
    H001        | 示例市第一医院  | 医院         | 三级甲等
    H002        | 示例市中医医院  | 医院         | 二级
    P001        | 示例康民大药房  | 零售药店      |
"""

BATCH_LIST = """
    批次   | 级别     | 类别 | 品种        | 产品编码 | 规格               | 转换比 | 最小单位 | 生产企业 | 集采前价格 | 中选价 | 计价单位 | 折算系数 | 执行日期     | 截止日期     | 中选状态
    七批   | 国家组织 | 药品 | 甲口服常释   | A1     | 20mg*7片*2板/盒    | 14    | 片      | 甲厂    | 28        | 5.60  | 盒      | 1      | 2022-01-01 | 2023-12-31 | 中选
    七批   | 国家组织 | 药品 | 甲口服常释   | A2     | 10mg*28片/盒       | 28    | 片      | 乙厂    | 1.20      | 0.15  | 片      | 0.5    | 2022-01-01 | 2023-12-31 | 中选
    七批   | 国家组织 | 药品 | 乙注射剂    | B1     | 2ml:0.1g*5支/盒    | 5     | 支      | 丙厂    | 10        | 2.50  | 最小单位 | 1      | 2022-01-01 | 2023-12-31 | 中选
    支架   | 国家组织 | 耗材 | 冠脉支架    | C1     | 各型号             | 1     | 套      | 丁厂    | 13000     | 590   | 套      | 1      | 2022-01-01 | 2023-12-31 | 中选
"""


@pytest.fixture(scope="session")
def small_city_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small_city") / "city.db"
    engine = open_database(f"sqlite:///{path}")
    reports = import_files(engine, [("机构.xlsx", xlsx(INSTITUTIONS)), ("中选.xlsx", xlsx(BATCH_LIST))])
    assert [report.status for report in reports] == ["loaded", "loaded"], reports
    engine.dispose()  # the last connection writes everything into the one file
    return path


@pytest.fixture
def city(small_city_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """The small city's ledger, a copy for this test."""
    path = tmp_path / "city.db"
    shutil.copy(small_city_file, path)
    engine = open_database(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def no_grain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the monthly purchases alone, which take longer than all else: for tests of reading and checking."""
    monkeypatch.setattr(ledger, "rebuild", lambda *_: 0)


Load = Callable[..., Report]


@pytest.fixture
def load(city: Engine) -> Load:
    """Import one workbook, drawn or as bytes, into the small city."""

    def load_one(book: str | bytes, name: str = "测试.xlsx", **options: object) -> Report:
        content = xlsx(book) if isinstance(book, str) else book
        return import_files(city, [(name, content)], **options)[0]  # type: ignore[arg-type]

    return load_one


@pytest.fixture(scope="module")
def reader() -> Iterator[ReadingProcess]:
    """The process that reads foreign files, with little memory."""
    with pytest.MonkeyPatch.context() as patch, ReadingProcess() as process:
        patch.setenv("VBP_LIMIT_MEMORY_MEGABYTES", "500")
        yield process


Told = Callable[[bytes], list[str]]


@pytest.fixture
def told(reader: ReadingProcess) -> Told:
    """The codes of what is wrong with a file; none for one that is read with its one row."""

    def codes(content: bytes) -> list[str]:
        known = reader.recognise(("x.xlsx", content))
        assert known.is_stopped or known.rows == 1
        assert all("{" not in problem.sentence() for problem in known.problems)
        return [problem.kind.code for problem in known.problems]

    return codes
