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
LINES_WITHDRAWN = mention(
    "lines-withdrawn",
    N_("已载入的 {covered} 行中有 {count} 行（{amount} 元）不在本文件中，覆盖后不再计入。"),
    N_("如本文件只是其中一部分，请改用“追加”方式；撤下的行可用“撤销导入”恢复。"),
)
CATEGORY_UNKNOWN_KEPT = mention(
    "category-unknown-kept",
    N_("同一机构同一月份已载入的采购中，有 {count} 行不知是药品还是耗材，覆盖时予以保留。"),
    N_("请核对是否重复；重复的，可撤销当时的导入后重新载入。"),
)
AMOUNT_JUMP = mention(
    "amount-jump",
    N_("{institution} {month} 的采购金额为 {amount} 元，是 {before} 的 {amount_before} 元的 {times} 倍。"),
    N_("请核对数量和金额的单位（万元、盒与片），以及是否重复汇总。"),
)
MATCHED_WITHOUT_CODE = mention(
    "matched-without-code",
    N_(
        "没有产品编码的行中，{registration} 行按批准文号、{words} 行按名称规格企业对应到目录中的产品，"
        "{provisional} 行与此前的无编码产品相同。"
    ),
    N_("不必处理；各产品的对应关系可在“产品匹配”页查看。"),
)
OUTSIDE_CATALOGUE = mention(
    "outside-catalogue",
    N_(
        "{lines} 行（{products} 个产品，{amount} 元）没有产品编码，也不与目录中任何产品完全一致，"
        "按目录外采购计入。"
    ),
    N_("请在“产品匹配”页逐个确认或否定相近的产品；补填产品编码后重新导入亦可。"),
)
CODE_UNKNOWN_BUT_ALIKE = mention(
    "code-unknown-but-alike",
    N_(
        "目录中没有产品编码“{value}”，而产品 {other} 的名称、规格、包装和企业（或批准文号）与该行相同。"
        "按文件中的编码载入。"
    ),
    N_("请核对编码；如编码有误，请改正后重新导入。"),
)
SUPPLY_AREA_NOT_APPLIED = mention(
    "supply-area-not-applied",
    N_("{count} 行写有供应地区，而没有说明本地所在省份，外省的中选产品也按本地中选读取。"),
    N_("请在导入时说明本地省份：--set province=…。"),
)
SUPPLY_AREA_UNCLEAR = mention(
    "supply-area-unclear",
    N_("从“{column}”的“{value}”不能确定是否供应{own}，按本地中选读取。"),
    N_("请核对；如不供应本地，请把该列改为供应的省份名称。"),
)
ANSWER_DIFFERS = mention(
    "answer-differs",
    N_("导入时说明的 {name}={answer} 与文件自己的“{column}”（如“{found}”）不同，按文件所写读取。"),
    N_("请核对；该列有误的，请改正后重新导入。"),
)
VARIETY_BY_NAME = mention(
    "variety-by-name",
    N_("文件没有品种列，以“{column}”作为品种名称。"),
    N_("同一品种名称写法不一的，会成为几个品种；请增加“品种”列。"),
)
NOT_IN_NEW_LIST = mention(
    "not-in-new-list",
    N_("已载入的名单中有 {count} 行不在本文件中（如 {names}），仍然有效。"),
    N_("如本文件是完整的新名单，请用“覆盖”方式导入，撤下这些行；否则不必处理。"),
)
AREA_TOTAL_DIFFERS = mention(
    "area-total-differs",
    N_(
        "{area}的“{variety}”第 {year} 协议年度约定采购量为 {stated}，"
        "其各机构合计为 {total}，相差 {difference}。"
    ),
    N_("请核对；机构的约定采购量尚未全部载入的，载入后再看。"),
)
TWO_PRICES_DIFFER = mention(
    "two-prices-differ",
    N_("“{column}”为“{value}”元，而按每盒价格和每盒 {pack} 个最小单位算得 {computed} 元，按每盒价格计。"),
    N_("请核对两个价格和转换比。"),
)
HEADING_MAPPED = mention(
    "heading-mapped",
    N_("“{column}”列{meaning}（{who}）。"),
    N_("如不对，请重新指定该列的含义；否则不必处理。"),
)
MAPPED_HEADING_MISSING = mention(
    "mapped-heading-missing",
    N_("指定了“{column}”列的含义，而文件中没有这一列。"),
    N_("请核对列名；不是这个文件的，不必处理。"),
)
TOTAL_DIFFERS = mention(
    "total-differs",
    N_("“{label}”一行的“{column}”写的是 {stated}，而它所统计的 {rows} 行合计为 {computed}{unread}。"),
    N_("请核对是否有漏行、重复行或改动过的数字；按各行读取，合计行不计入。"),
)
OLD_TEMPLATE = mention(
    "old-template",
    N_("文件用的是第 {stated} 版模板，现行的是第 {current} 版；按现行规则读取。"),
    N_("如有缺列或读错的列，请下载新模板填写；否则不必处理。"),
)
NEWER_TEMPLATE = mention(
    "newer-template",
    N_("文件用的是第 {stated} 版模板，比本系统所知的第 {current} 版新；本系统不认识的列没有读取。"),
    N_("请系统管理员升级本系统，或改用本系统的模板填写。"),
)
TWIN_WITHOUT_CODE = mention(
    "twin-without-code",
    N_("产品编码“{value}”是新的，而此前的无编码产品 {other} 的名称、规格、包装和企业与该行相同。"),
    N_("请在“产品匹配”页确认两者是同一产品，此前的行即按该编码计入。"),
)
DATE_COMPLETED = mention(
    "date-completed",
    N_("“{column}”没有写全，按标题所写的“{period}”补全。"),
    N_("请核对标题的年月；在表中写全日期即可避免补全。"),
)
FILLED_DOWN = mention(
    "filled-down",
    N_("“{column}”有 {rows} 行空白，按上一行的内容读取。"),
    N_("请核对；每行写明即可避免。"),
)
UNIT_BESIDE_FIGURE = mention(
    "unit-beside-figure",
    N_("“{column}”的数字后面写有单位，如“{example}”，已按所写的单位读取。"),
    N_("不必处理；单位写在单位列中更好。"),
)
ZEROS_RESTORED = mention(
    "leading-zeros-restored",
    N_("“{column}”的“{value}”少了开头的 0，按名录或目录中的 {restored} 读取。"),
    N_("请把该列设为文本格式。"),
)
PRICE_OTHER_READING = mention(
    "price-other-reading",
    N_(
        "“{column}”按所写的单位，每一最小单位为 {read} 元；如盒与最小单位写反，则为 {other} 元，"
        "与中选结果中的 {known} 元相近。现按所写的单位计。"
    ),
    N_("请核对单价的单位，并在列名或“计价单位”列中写明。"),
)
AREA_TOTALS_KEPT = mention(
    "area-totals-kept",
    N_("有 {count} 行没有写机构、只写了地区（{areas}），作为该地区的总量保存，不与机构的约定采购量相加。"),
    N_("如这些行属于某家机构，请补填机构后重新导入；否则不必处理。"),
)
