"""MENTION: the row stands, but a person should know."""

from etl.problems import mention
from procurement.language import N_

UNREAD_COLUMN = mention(
    "unread-column",
    N_("“{column}”列没有读取。"),
    N_("如该列有用，请按模板修改列名；否则不必处理。"),
)
HIDDEN_SHEET = mention(
    "hidden-sheet",
    N_("隐藏的工作表“{name}”没有读取。"),
    N_("如需导入，请取消隐藏；否则不必处理。"),
)
SHEET_PASSED_OVER = mention(
    "sheet-passed-over",
    N_("这张工作表没有读取：缺少“{needed}”列。"),
    N_("如需导入，请补上该列；否则不必处理。"),
)
OTHER_KIND_OF_SHEET = mention(
    "other-kind-of-sheet",
    N_("这张工作表是“{kind}”，本次没有读取。"),
    N_("一个文件只导入一种表，请把它另存为单独的文件。"),
)
EXAMPLE_ROW = mention(
    "example-row",
    N_("模板的示例行没有读取。"),
    N_("不必处理；也可以删去该行。"),
)
AMOUNTS_SCALED = mention(
    "amounts-scaled",
    N_("表头以上写有“{unit}”，“{column}”已乘以 {factor} 换算为元。"),
    N_("如该列本来就是元，请在列名中写明，如“金额(元)”。"),
)
UNIT_ASSUMED_PACK = mention(
    "unit-assumed-pack",
    N_("“{column}”没有写单位，按包装（盒）读取。"),
    N_("如不是，请增加“单位”列或在列名中写明单位。"),
)
UNIT_ASSUMED_BASE = mention(
    "unit-assumed-base",
    N_("“{column}”没有写单位，按最小单位（片、支等）读取。"),
    N_("如不是，请增加“单位”列或在列名中写明单位。"),
)
PRICE_PER_TEN_THOUSAND = mention(
    "price-per-ten-thousand",
    N_("数量以万为单位，“{column}”没有写明按什么计，又没有金额可以核对，按每万单位的价格读取。"),
    N_("如是每一单位的价格，请在列名中写明，如“单价(元/片)”。"),
)
WRONG_WEEKDAY = mention(
    "wrong-weekday",
    N_("“{column}”中 {day} 实为{weekday}，与文件所写“{value}”不符，按日期读取。"),
    N_("请核对日期。"),
)
AMOUNT_ROUNDED = mention(
    "amount-rounded",
    N_("金额 {amount} 元与数量×单价 {product} 元略有出入（不超过 {tolerance}），按金额计。"),
    N_("多为单价四舍五入所致，不必处理。"),
)
AMOUNT_DIFFERS = mention(
    "amount-differs",
    N_("金额 {amount} 元与数量×单价 {product} 元不符，按数量×单价计。"),
    N_("请核对数量、单价和金额。"),
)
TOKEN_PRICE = mention(
    "token-price",
    N_("“{column}”为 {value} 元，可能是赠品或补差。"),
    N_("请核实；该行照常计入。"),
)
AGREED_ABOVE_REPORTED = mention(
    "agreed-above-reported",
    N_("约定采购量 {agreed} 大于报量 {reported}。"),
    N_("请核对两个数量及其单位。"),
)
NAME_DIFFERS = mention(
    "name-differs",
    N_("机构编码 {code} 在名录中是“{registered}”，文件中写作“{value}”，按编码读取。"),
    N_("请核对编码和名称。"),
)
PACK_SIZE_NOT_AS_SPEC = mention(
    "pack-size-not-as-spec",
    N_("“{column}”是 {value}，而规格“{spec}”表明为 {known}，按所填的 {value} 计。"),
    N_("请核对转换比，它决定每一个最小单位的价格和数量。"),
)
PACK_SIZE_NOT_AS_LISTED = mention(
    "pack-size-not-as-listed",
    N_("“{column}”是 {value}，而目录中该产品的转换比为 {known}，按目录计。"),
    N_("请核对转换比；目录有误的，请更新中选结果。"),
)
RETURN_NEGATED = mention(
    "return-negated",
    N_("“{column}”为“{value}”而数量是正数，数量和金额已按负数（退货）计。"),
    N_("如该行不是退货，请改正该列后重新导入。"),
)
PRICE_IN_YUAN = mention(
    "price-in-yuan",
    N_("表头以上的单位表明金额须乘以 {factor}；“{column}”没有写明，又没有金额可以核对，按元读取。"),
    N_("如价格也须乘以 {factor}，请在列名中写明，如“单价(万元)”。"),
)
PRICE_SCALED = mention(
    "price-scaled",
    N_("按表头以上的单位，“{column}”须乘以 {factor} 才与金额相符，已换算为元。"),
    N_("请核对单价；在列名中写明单位即可避免换算，如“单价(元)”。"),
)
PRICE_OTHER_UNIT = mention(
    "price-other-unit",
    N_(
        "金额 {amount} 元与数量×单价 {product} 元不符，"
        "而单价与数量的单位不同（盒与最小单位，每盒 {pack}）时正好相符，按金额计。"
    ),
    N_("请核对数量和单价的单位，并在列名中分别写明。"),
)
BASELINE_BELOW_AWARD = mention(
    "baseline-below-award",
    N_(
        "每一最小单位的集采前价格 {baseline} 元低于中选价 {awarded} 元；"
        "如两个价格一个按盒、一个按最小单位计，"
        "应为 {other_baseline} 元与 {awarded} 元，或 {baseline} 元与 {other_awarded} 元。现按所写的单位计。"
    ),
    N_("请核对两个价格的单位，并在列名中分别写明，如“最高限价(元/片)”。"),
)
DROP_DIFFERS = mention(
    "drop-differs",
    N_("“{column}”为“{value}”，而按集采前价格和中选价算得降幅 {computed}。"),
    N_("请核对两个价格及其单位。"),
)
