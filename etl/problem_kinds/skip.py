"""SKIP: one row cannot be read; the file is not loaded unless such rows may be left out."""

from etl.problems import skip
from procurement.language import N_

EMPTY_CELL = skip(
    "empty-cell",
    N_("“{column}”不能为空。"),
    N_("请补填后重新导入。"),
)
ERROR_CELL = skip(
    "error-cell",
    N_("“{column}”是公式错误 {value}。"),
    N_("请修正公式或改填数值。"),
)
NOT_A_NUMBER = skip(
    "not-a-number",
    N_("“{column}”应为数字，文件中是“{value}”。"),
    N_("请只填数字，单位写在表头或单位列。"),
)
NOT_WHOLE = skip(
    "not-whole",
    N_("“{column}”应为正整数，文件中是“{value}”。"),
    N_("请改填整数。"),
)
NOT_POSITIVE = skip(
    "not-positive",
    N_("“{column}”应大于 0，文件中是“{value}”。"),
    N_("请核对数值；不适用的请留空。"),
)
NUMBER_TOO_LARGE = skip(
    "number-too-large",
    N_("“{column}”的数值“{value}”超出合理范围。"),
    N_("请核对数值和单位。"),
)
NOT_A_CODE = skip(
    "not-a-code",
    N_("“{column}”应为单个编码，文件中是“{value}”。"),
    N_("请一行只填一个编码。"),
)
CODE_LOST_DIGITS = skip(
    "code-lost-digits",
    N_("“{column}”的编码被当作数字保存成“{value}”，末尾几位已经丢失，无法还原。"),
    N_("请把该列设为文本格式，从原系统重新导出或粘贴编码。"),
)
NOT_A_DATE = skip(
    "not-a-date",
    N_("“{column}”应为日期或年月，文件中是“{value}”。"),
    N_("请按 2022-03-15 或 2022年3月 的样式填写。"),
)
IMPOSSIBLE_DATE = skip(
    "impossible-date",
    N_("“{column}”的日期“{value}”不存在。"),
    N_("请对照原始单据改正日期。"),
)
AMBIGUOUS_MONTH = skip(
    "ambiguous-month",
    N_("“{column}”的数值“{value}”可能是 1 月，也可能是 10 月（末尾的 0 会被 Excel 省略）。"),
    N_("请改为文本，按 2022-01 或 2022-10 的样式填写。"),
)
UNKNOWN_WORD = skip(
    "unknown-word",
    N_("“{column}”不认识“{value}”，可填：{allowed}。"),
    N_("请改用所列的词。"),
)
NOT_A_SHARE = skip(
    "not-a-share",
    N_("“{column}”应为大于 0、不超过 100% 的比例，文件中是“{value}”。"),
    N_("请按 70% 或 0.7 的样式填写。"),
)
SCORE_OUT_OF_RANGE = skip(
    "score-out-of-range",
    N_("“{column}”应在 0 至 100 之间，文件中是“{value}”。"),
    N_("请核对考核得分。"),
)
NOT_AN_AGREEMENT_YEAR = skip(
    "not-an-agreement-year",
    N_("“{column}”应为第几个协议年度（1、2、3…），文件中是“{value}”。"),
    N_("协议年度自批次执行之日起算，不是日历年；请改填序数。"),
)
NOT_A_CALENDAR_YEAR = skip(
    "not-a-calendar-year",
    N_("“{column}”应为公历年度，如 2022，文件中是“{value}”。"),
    N_("请填四位数的年度；跨年度的请分成两行。"),
)
UNKNOWN_INSTITUTION = skip(
    "unknown-institution",
    N_("按“{value}”无法在医药机构名录中确定机构。{hint}"),
    N_("请核对编码或名称，或先导入医药机构名录。"),
)
OTHER_INSTITUTION = skip(
    "other-institution",
    N_("该行的机构“{value}”不是导入时指明的机构“{institution}”。"),
    N_("请删去其他机构的行，或不指明机构后重新导入。"),
)
UNKNOWN_BATCH = skip(
    "unknown-batch",
    N_("没有名为“{value}”的批次。{hint}"),
    N_("请核对批次名称，或先导入该批次的中选结果。"),
)
UNKNOWN_VARIETY = skip(
    "unknown-variety",
    N_("批次“{batch}”中没有品种“{value}”。{hint}"),
    N_("请核对品种名称，或先导入该批次的中选结果。"),
)
UNKNOWN_PRODUCT = skip(
    "unknown-product",
    N_("品种“{variety}”下没有产品编码“{value}”。{hint}"),
    N_("请核对产品编码，或先导入中选结果、同品种产品表。"),
)
UNKNOWN_UNIT = skip(
    "unknown-unit",
    N_("“{column}”中的单位“{value}”既不是包装单位，也不是该产品的最小单位{base_unit}。"),
    N_("请改填包装单位（盒等）或最小单位。"),
)
FRACTION_OF_UNIT = skip(
    "fraction-of-unit",
    N_("“{column}”的数量“{value}”折算后不是整数个最小单位。"),
    N_("请核对数量、单位和转换比。"),
)
PACK_SIZE_UNKNOWN = skip(
    "pack-size-unknown",
    N_("“{column}”按包装（盒）填写，但不知道每盒有多少最小单位，无法折算。"),
    N_("请填写“转换比”，或改按最小单位填写。"),
)
PACK_SIZE_UNCLEAR = skip(
    "pack-size-unclear",
    N_("“{column}”按包装（盒）填写且只写到品种，而该品种的产品包装不一，无法折算。"),
    N_("请写明产品编码，或改按最小单位填写。"),
)
END_BEFORE_START = skip(
    "end-before-start",
    N_("“{column}”的日期 {value} 早于执行日期 {start}。"),
    N_("请核对两个日期。"),
)
PRICE_NOT_POSITIVE = skip(
    "price-not-positive",
    N_("“{column}”应大于 0，文件中是“{value}”。"),
    N_("请核对价格；流标或未中选的请在价格栏写“未中选”。"),
)
PRICE_NEGATIVE = skip(
    "price-negative",
    N_("“{column}”不能为负数，文件中是“{value}”。"),
    N_("退货请用负数量表示，单价仍为正数。"),
)
VOLUME_NEGATIVE = skip(
    "volume-negative",
    N_("“{column}”不能为负数，文件中是“{value}”。"),
    N_("请核对数量。"),
)
AMOUNT_NEGATIVE = skip(
    "amount-negative",
    N_("“{column}”不能为负数，文件中是“{value}”。"),
    N_("请核对金额；有追回或冲减的，请填冲减后的净额。"),
)
NO_BUDGET_BASIS = skip(
    "no-budget-basis",
    N_("按人头包干的行没有填人数，也没有填年度预算，无法确定预算。"),
    N_("请补填参保（签约）人数，或填已下达的年度预算。"),
)
PRICE_MISSING = skip(
    "price-missing",
    N_("单价和金额都没有填，或数量为 0 而没有单价。"),
    N_("请至少补填单价。"),
)
SIGN_DIFFERS = skip(
    "sign-differs",
    N_("数量 {quantity} 与金额 {amount} 正负不一致。"),
    N_("退货的数量和金额都应为负数，请核对。"),
)
DUPLICATE_ROW = skip(
    "duplicate-row",
    N_("与第{first_row}行重复：{key}。"),
    N_("请只保留一行。"),
)
REPEATED_ON_OTHER_SHEET = skip(
    "repeated-on-other-sheet",
    N_("与工作表“{first_sheet}”第{first_row}行是同一笔采购，可能是重复的工作表。"),
    N_("请删去重复的工作表或行。"),
)
OVERLAPPING_AWARD = skip(
    "overlapping-award",
    N_("同一批次中该产品的执行期与第{first_row}行重叠。"),
    N_("请核对执行日期和截止日期，同一产品的各段执行期不能重叠。"),
)
BATCH_DIFFERS = skip(
    "batch-differs",
    N_("批次“{batch}”的“{column}”在第{first_row}行是“{first}”，这里是“{value}”。"),
    N_("同一批次的类别和级别应一致；不同的批次请用不同的名称。"),
)
PRODUCT_DIFFERS = skip(
    "product-differs",
    N_("产品 {code} 的转换比在第{first_row}行是 {first}，这里是 {second}。"),
    N_("同一产品编码只能有一个转换比，请核对编码和规格。"),
)
VARIETY_PRICE_DIFFERS = skip(
    "variety-price-differs",
    N_("品种“{variety}”的“{column}”与第{first_row}行不同。"),
    N_("同一批次同一品种只能有一个集采前价格；各产品不同的，请填在产品的集采前价格列。"),
)
ALREADY_LOADED = skip(
    "already-loaded",
    N_("这笔采购与导入编号 {import_id}（{import_file}）中的一行相同，再次导入会重复计算。"),
    N_("请从文件中删去该行，或跳过有误的行后导入其余各行。"),
)
LISTED_ALREADY = skip(
    "listed-already",
    N_("产品“{value}”已在批次“{batch}”的中选结果中，不能再列为同品种产品。"),
    N_("请从同品种产品表中删去该行。"),
)
RATIO_LIMITED = skip(
    "ratio-limited",
    N_("“{column}”为“{value}”，而支付比例只能按机构、批次或全统筹地区设定，不能按该列区分。"),
    N_("请逐家机构填写支付比例；该列不起限定作用的，请删去该列。"),
)
ROW_VOID = skip(
    "row-void",
    N_("“{column}”为“{value}”，该行已作废或取消，不能计入采购。"),
    N_("请从文件中删去该行，或跳过有误的行后导入其余各行。"),
)
RETURN_UNCLEAR = skip(
    "return-unclear",
    N_("“{column}”为“{value}”，而数量是正数，不能确定该行是采购还是退货。"),
    N_("退货请填负数量；不是退货的，请改写该列。"),
)
RETURNED_BESIDE = skip(
    "returned-beside",
    N_("“{column}”为“{value}”，而退货须另起一行，不能与采购写在同一行。"),
    N_("请把退货写成单独的一行，数量和金额填负数，并清空该列。"),
)
VARIETY_SPLIT = skip(
    "variety-split",
    N_("批次“{batch}”原有的品种“{old}”在文件中被拆分或并入其他品种，它的约定采购量和同品种产品无从归属。"),
    N_("请保留原来的品种名称；确须拆分或合并的，请先联系系统管理员。"),
)
NOT_OF_A_BATCH = skip(
    "not-of-a-batch",
    N_("“{column}”为“{value}”，该产品不是集采中选药品，不属于任何批次。"),
    N_("请从文件中删去该行，或跳过有误的行后导入其余各行。"),
)
SEVERAL_MAKERS = skip(
    "several-makers",
    N_("“{column}”一格里有多家企业：“{value}”。"),
    N_("请一行只写一家企业，每家企业的产品各占一行。"),
)
UNITS_CONTRADICT = skip(
    "units-contradict",
    N_("“{column}”写作“{value}”，而单位栏或表头写的是“{unit}”，两个单位不一致。"),
    N_("请核对，只保留一个单位。"),
)
SUM_OF_OTHER_SHEET = skip(
    "sum-of-other-sheet",
    N_("各机构、产品、月份的数量都与{sheets}的合计相同，可能是汇总表，会重复计入。"),
    N_("请删去汇总的工作表；确为另外的采购的，请分成两个文件，用“追加”方式导入。"),
)
PRICE_OFF_BY_SCALE = skip(
    "price-off-by-scale",
    N_("按所写的单位，每一最小单位为 {read} 元，与中选结果中的 {known} 元相差约一万倍，可能混淆了元与万元。"),
    N_("请核对单价和金额的单位，并在列名中写明，如“金额(元)”“金额(万元)”。"),
)
