"""Every kind of problem, by loudness; the codes are stable, the words may improve."""

from etl.problems import Kind, Loudness
from procurement.language import N_

ALL: dict[str, Kind] = {}
"""Kinds by code, in the order of this file."""


def _kind(code: str, loudness: Loudness, says: str, fix: str) -> Kind:
    ALL[code] = Kind(code, loudness, says, fix)
    return ALL[code]


def _stop(code: str, says: str, fix: str) -> Kind:
    return _kind(code, Loudness.STOP, says, fix)


def _skip(code: str, says: str, fix: str) -> Kind:
    return _kind(code, Loudness.SKIP, says, fix)


def _mention(code: str, says: str, fix: str) -> Kind:
    return _kind(code, Loudness.MENTION, says, fix)


# --- The file or the sheet is not what we think ---------------------------------------------------

FILE_NOT_FOUND = _stop(
    "file-not-found",
    N_("找不到该文件，或无权读取。"),
    N_("请核对文件路径与权限。"),
)
NOT_A_WORKBOOK = _stop(
    "not-a-workbook",
    N_("文件内容不是可读取的工作簿，或已损坏。"),
    N_("请用 Excel 或 WPS 打开后另存为 .xlsx，再重新导入。"),
)
PASSWORD = _stop(
    "password",
    N_("文件设有打开密码，无法读取。"),
    N_("请在 Excel 或 WPS 中取消密码后保存，再重新导入。"),
)
TOO_LARGE = _stop(
    "too-large",
    N_("文件展开后约 {size} MB，超过上限 {limit} MB。"),
    N_("请删去多余的工作表、图片和空白格式区域，或拆分成几个文件。"),
)
NOT_RECOGNISED = _stop(
    "not-recognised",
    N_("没有找到可识别的表头，无法判断这是哪一种表。"),
    N_("请对照模板的表头修改列名后重新导入；可识别的表：{kinds}。"),
)
MISSING_COLUMN = _stop(
    "missing-column",
    N_("按“{kind}”读取，缺少“{needed}”列；第{row}行的表头有：{found}。"),
    N_("请补上该列或修改列名后重新导入。"),
)
DUPLICATE_HEADING = _stop(
    "duplicate-heading",
    N_("有多列都表示“{field}”：{found}。"),
    N_("请只保留其中一列，或改名以示区别。"),
)
NO_ROWS = _stop(
    "no-rows",
    N_("表头下面没有数据行。"),
    N_("请填写数据后重新导入；模板中的示例行不计入。"),
)
INSTITUTION_MISSING = _stop(
    "institution-missing",
    N_("文件没有说明是哪一家医药机构的记录：没有机构列，标题中也没有名录内的机构名称。"),
    N_("请增加“机构编码”列，或在导入时指明机构。"),
)
INSTITUTION_UNCLEAR = _stop(
    "institution-unclear",
    N_("表头以上的文字提到多家医药机构：{names}。"),
    N_("请增加“机构编码”列，或在导入时指明机构。"),
)
INSTITUTION_NOT_REGISTERED = _stop(
    "institution-not-registered",
    N_("导入时指明的机构“{institution}”不在医药机构名录中。{hint}"),
    N_("请核对机构编码，或先导入医药机构名录。"),
)
OTHER_FAILURE = _stop(
    "failed",
    N_("处理文件时出错，未写入任何数据：{reason}。"),
    N_("请保留该文件并联系系统管理员。"),
)

# --- One row cannot be read -----------------------------------------------------------------------

EMPTY_CELL = _skip(
    "empty-cell",
    N_("“{column}”不能为空。"),
    N_("请补填后重新导入。"),
)
ERROR_CELL = _skip(
    "error-cell",
    N_("“{column}”是公式错误 {value}。"),
    N_("请修正公式或改填数值。"),
)
NOT_A_NUMBER = _skip(
    "not-a-number",
    N_("“{column}”应为数字，文件中是“{value}”。"),
    N_("请只填数字，单位写在表头或单位列。"),
)
NOT_WHOLE = _skip(
    "not-whole",
    N_("“{column}”应为正整数，文件中是“{value}”。"),
    N_("请改填整数。"),
)
NUMBER_TOO_LARGE = _skip(
    "number-too-large",
    N_("“{column}”的数值“{value}”超出合理范围。"),
    N_("请核对数值和单位。"),
)
NOT_A_CODE = _skip(
    "not-a-code",
    N_("“{column}”应为单个编码，文件中是“{value}”。"),
    N_("请一行只填一个编码。"),
)
CODE_LOST_DIGITS = _skip(
    "code-lost-digits",
    N_("“{column}”的编码被当作数字保存成“{value}”，末尾几位已经丢失，无法还原。"),
    N_("请把该列设为文本格式，从原系统重新导出或粘贴编码。"),
)
NOT_A_DATE = _skip(
    "not-a-date",
    N_("“{column}”应为日期或年月，文件中是“{value}”。"),
    N_("请按 2022-03-15 或 2022年3月 的样式填写。"),
)
IMPOSSIBLE_DATE = _skip(
    "impossible-date",
    N_("“{column}”的日期“{value}”不存在。"),
    N_("请对照原始单据改正日期。"),
)
AMBIGUOUS_MONTH = _skip(
    "ambiguous-month",
    N_("“{column}”的数值“{value}”可能是 1 月，也可能是 10 月（末尾的 0 会被 Excel 省略）。"),
    N_("请改为文本，按 2022-01 或 2022-10 的样式填写。"),
)
UNKNOWN_WORD = _skip(
    "unknown-word",
    N_("“{column}”不认识“{value}”，可填：{allowed}。"),
    N_("请改用所列的词。"),
)
NOT_A_SHARE = _skip(
    "not-a-share",
    N_("“{column}”应为大于 0、不超过 100% 的比例，文件中是“{value}”。"),
    N_("请按 70% 或 0.7 的样式填写。"),
)
SCORE_OUT_OF_RANGE = _skip(
    "score-out-of-range",
    N_("“{column}”应在 0 至 100 之间，文件中是“{value}”。"),
    N_("请核对考核得分。"),
)
NOT_AN_AGREEMENT_YEAR = _skip(
    "not-an-agreement-year",
    N_("“{column}”应为第几个协议年度（1、2、3…），文件中是“{value}”。"),
    N_("协议年度自批次执行之日起算，不是日历年；请改填序数。"),
)
UNKNOWN_INSTITUTION = _skip(
    "unknown-institution",
    N_("医药机构名录中没有“{value}”。{hint}"),
    N_("请核对编码或名称，或先导入医药机构名录。"),
)
OTHER_INSTITUTION = _skip(
    "other-institution",
    N_("该行的机构“{value}”不是导入时指明的机构“{institution}”。"),
    N_("请删去其他机构的行，或不指明机构后重新导入。"),
)
UNKNOWN_BATCH = _skip(
    "unknown-batch",
    N_("没有名为“{value}”的批次。{hint}"),
    N_("请核对批次名称，或先导入该批次的中选结果。"),
)
UNKNOWN_VARIETY = _skip(
    "unknown-variety",
    N_("批次“{batch}”中没有品种“{value}”。{hint}"),
    N_("请核对品种名称，或先导入该批次的中选结果。"),
)
UNKNOWN_PRODUCT = _skip(
    "unknown-product",
    N_("品种“{variety}”下没有产品编码“{value}”。{hint}"),
    N_("请核对产品编码，或先导入中选结果、同品种产品表。"),
)
UNKNOWN_UNIT = _skip(
    "unknown-unit",
    N_("“{column}”的单位“{value}”既不是包装单位，也不是该产品的最小单位{base_unit}。"),
    N_("请改填包装单位（盒等）或最小单位。"),
)
FRACTION_OF_UNIT = _skip(
    "fraction-of-unit",
    N_("“{column}”的数量“{value}”折算后不是整数个最小单位。"),
    N_("请核对数量、单位和转换比。"),
)
PACK_SIZE_UNKNOWN = _skip(
    "pack-size-unknown",
    N_("“{column}”按包装（盒）填写，但不知道每盒有多少最小单位，无法折算。"),
    N_("请填写“转换比”，或改按最小单位填写。"),
)
PACK_SIZE_UNCLEAR = _skip(
    "pack-size-unclear",
    N_("“{column}”按包装（盒）填写且只写到品种，而该品种的产品包装不一，无法折算。"),
    N_("请写明产品编码，或改按最小单位填写。"),
)
END_BEFORE_START = _skip(
    "end-before-start",
    N_("“{column}”的日期 {value} 早于执行日期 {start}。"),
    N_("请核对两个日期。"),
)
PRICE_NOT_POSITIVE = _skip(
    "price-not-positive",
    N_("“{column}”应大于 0，文件中是“{value}”。"),
    N_("请核对价格；流标或未中选的请在价格栏写“未中选”。"),
)
PRICE_NEGATIVE = _skip(
    "price-negative",
    N_("“{column}”不能为负数，文件中是“{value}”。"),
    N_("退货请用负数量表示，单价仍为正数。"),
)
PRICE_MISSING = _skip(
    "price-missing",
    N_("单价和金额都没有填，或数量为 0 而没有单价。"),
    N_("请至少补填单价。"),
)
SIGN_DIFFERS = _skip(
    "sign-differs",
    N_("数量 {quantity} 与金额 {amount} 正负不一致。"),
    N_("退货的数量和金额都应为负数，请核对。"),
)
DUPLICATE_ROW = _skip(
    "duplicate-row",
    N_("与第{first_row}行重复：{key}。"),
    N_("请只保留一行。"),
)
REPEATED_ON_OTHER_SHEET = _skip(
    "repeated-on-other-sheet",
    N_("与工作表“{first_sheet}”第{first_row}行是同一笔采购，可能是重复的工作表。"),
    N_("请删去重复的工作表或行。"),
)
OVERLAPPING_AWARD = _skip(
    "overlapping-award",
    N_("同一批次中该产品的执行期与第{first_row}行重叠。"),
    N_("请核对执行日期和截止日期，同一产品的各段执行期不能重叠。"),
)
ALREADY_LOADED = _skip(
    "already-loaded",
    N_("这笔采购已由第 {import_id} 次导入（{import_file}）写入，再次导入会重复计算。"),
    N_("请从文件中删去该行，或跳过有误的行后导入其余各行。"),
)
LISTED_ALREADY = _skip(
    "listed-already",
    N_("产品“{value}”已在批次“{batch}”的中选结果中，不能再列为同品种产品。"),
    N_("请从同品种产品表中删去该行。"),
)

# --- The row stands, but a person should know -----------------------------------------------------

UNREAD_COLUMN = _mention(
    "unread-column",
    N_("“{column}”列没有读取。"),
    N_("如该列有用，请按模板修改列名；否则不必处理。"),
)
HIDDEN_SHEET = _mention(
    "hidden-sheet",
    N_("隐藏的工作表“{name}”没有读取。"),
    N_("如需导入，请取消隐藏；否则不必处理。"),
)
SHEET_PASSED_OVER = _mention(
    "sheet-passed-over",
    N_("这张工作表没有读取：缺少“{needed}”列。"),
    N_("如需导入，请补上该列；否则不必处理。"),
)
OTHER_KIND_OF_SHEET = _mention(
    "other-kind-of-sheet",
    N_("这张工作表是“{kind}”，本次没有读取。"),
    N_("一个文件只导入一种表，请把它另存为单独的文件。"),
)
EXAMPLE_ROW = _mention(
    "example-row",
    N_("模板的示例行没有读取。"),
    N_("不必处理；也可以删去该行。"),
)
AMOUNTS_SCALED = _mention(
    "amounts-scaled",
    N_("表头以上写有“{unit}”，“{column}”已乘以 {factor} 换算为元。"),
    N_("如该列本来就是元，请在列名中写明，如“金额(元)”。"),
)
UNIT_ASSUMED_PACK = _mention(
    "unit-assumed-pack",
    N_("“{column}”没有写单位，按包装（盒）读取。"),
    N_("如不是，请增加“单位”列或在列名中写明单位。"),
)
UNIT_ASSUMED_BASE = _mention(
    "unit-assumed-base",
    N_("“{column}”没有写单位，按最小单位（片、支等）读取。"),
    N_("如不是，请增加“单位”列或在列名中写明单位。"),
)
WRONG_WEEKDAY = _mention(
    "wrong-weekday",
    N_("“{column}”中 {day} 实为{weekday}，与文件所写“{value}”不符，按日期读取。"),
    N_("请核对日期。"),
)
AMOUNT_ROUNDED = _mention(
    "amount-rounded",
    N_("金额 {amount} 元与数量×单价 {product} 元略有出入（不超过 {tolerance}），按金额计。"),
    N_("多为单价四舍五入所致，不必处理。"),
)
AMOUNT_DIFFERS = _mention(
    "amount-differs",
    N_("金额 {amount} 元与数量×单价 {product} 元不符，按数量×单价计。"),
    N_("请核对数量、单价和金额。"),
)
TOKEN_PRICE = _mention(
    "token-price",
    N_("“{column}”为 {value} 元，可能是赠品或补差。"),
    N_("请核实；该行照常计入。"),
)
AGREED_ABOVE_REPORTED = _mention(
    "agreed-above-reported",
    N_("约定采购量 {agreed} 大于报量 {reported}。"),
    N_("请核对两个数量及其单位。"),
)
NAME_DIFFERS = _mention(
    "name-differs",
    N_("机构编码 {code} 在名录中是“{registered}”，文件中写作“{value}”，按编码读取。"),
    N_("请核对编码和名称。"),
)
PACK_SIZE_DIFFERS = _mention(
    "pack-size-differs",
    N_("“{column}”是 {value}，而按规格或名录该产品的转换比为 {known}，{taken}。"),
    N_("请核对转换比。"),
)
