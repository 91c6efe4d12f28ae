"""STOP: the file or the sheet is not what we think; nothing of it can be loaded."""

from etl.problems import stop
from procurement.language import N_

FILE_NOT_FOUND = stop(
    "file-not-found",
    N_("找不到该文件，或无权读取。"),
    N_("请核对文件路径与权限。"),
)
NOT_A_WORKBOOK = stop(
    "not-a-workbook",
    N_("文件内容不是可读取的工作簿，或已损坏。"),
    N_("请用 Excel 或 WPS 打开后另存为 .xlsx，再重新导入。"),
)
PASSWORD = stop(
    "password",
    N_("文件设有打开密码，无法读取。"),
    N_("请在 Excel 或 WPS 中取消密码后保存，再重新导入。"),
)
TOO_LARGE = stop(
    "too-large",
    N_("文件解压后约 {size} MB，超过上限 {limit} MB。"),
    N_("请删去多余的工作表、图片和空白格式区域，或拆分成几个文件。"),
)
NOT_RECOGNISED = stop(
    "not-recognised",
    N_("没有找到可识别的表头，无法判断这是哪一种表。"),
    N_("请对照模板的表头修改列名后重新导入；可识别的表：{kinds}。"),
)
MISSING_COLUMN = stop(
    "missing-column",
    N_("按“{kind}”读取，缺少“{needed}”列；第{row}行的表头有：{found}。"),
    N_("请补上该列或修改列名后重新导入。"),
)
DUPLICATE_HEADING = stop(
    "duplicate-heading",
    N_("有多列都表示“{field}”：{found}。"),
    N_("请只保留其中一列，或改名以示区别。"),
)
NO_ROWS = stop(
    "no-rows",
    N_("表头下面没有数据行。"),
    N_("请填写数据后重新导入；模板中的示例行不计入。"),
)
NOTHING_LEFT = stop(
    "nothing-left",
    N_("每一行都有误，没有可以导入的数据。"),
    N_("请按各行的提示修改后重新导入。"),
)
INSTITUTION_MISSING = stop(
    "institution-missing",
    N_("文件没有说明是哪一家医药机构的记录：没有机构列，标题中也没有名录内的机构名称。"),
    N_("请增加“机构编码”列，或在导入时指明机构。"),
)
INSTITUTION_UNCLEAR = stop(
    "institution-unclear",
    N_("表头以上的文字提到多家医药机构：{names}。"),
    N_("请增加“机构编码”列，或在导入时指明机构。"),
)
INSTITUTION_NOT_REGISTERED = stop(
    "institution-not-registered",
    N_("导入时指明的机构“{institution}”不在医药机构名录中。{hint}"),
    N_("请核对机构编码，或先导入医药机构名录。"),
)
INSTITUTION_UNCLEAR_BELOW = stop(
    "institution-unclear-below",
    N_("表格中间的这一行提到{names}，与其上各行所属的机构不同，无法判断以下各行属于哪一家医药机构。"),
    N_("请增加“机构编码”列，或把各机构的记录分成几个工作表。"),
)
OTHER_FAILURE = stop(
    "failed",
    N_("处理文件时出错，未写入任何数据：{reason}。"),
    N_("请保留该文件并联系系统管理员。"),
)
PRICES_IN_TEN_THOUSANDS = stop(
    "prices-in-ten-thousands",
    N_("表头以上的单位表明金额须乘以 {factor}，而“{column}”没有写明是否也如此。"),
    N_("请在列名中写明价格的单位，如“中选价(元)”，然后重新导入。"),
)
VOLUME_IN_MONEY = stop(
    "volume-in-money",
    N_("“{column}”写的是金额的单位，这里需要的是数量。"),
    N_("请改填数量，并在列名或“单位”列中写明盒、片等单位。"),
)
PREVIEW_OUTDATED = stop(
    "preview-outdated",
    N_("预览之后台账已有变动，预览的数字不再准确，未写入任何数据。"),
    N_("请重新检查并核对预览，再确认载入。"),
)
COVERED_IN_SAME_GO = stop(
    "covered-in-same-go",
    N_("本文件与同一次导入的“{other}”属于同一机构、同一月份，覆盖会撤下刚载入的行。"),
    N_("两个文件各是一部分的，请用“追加”方式导入；后一个是更正的，请单独导入。"),
)
MONTH_CLOSED = stop(
    "month-closed",
    N_("{months}已关账，而文件会增加、变更或撤下其中的采购记录，未写入任何数据。"),
    N_("请联系医保部门重新开放这些月份，然后重新导入；只导入其他月份的，请先从文件中删去这些月份的行。"),
)
NOT_IN_SCOPE = stop(
    "not-in-scope",
    N_("文件中有{count}行不属于您的账号所管的机构，或机构不在名录中：{names}。"),
    N_("请删去这些行后重新导入；编码或名称写错的，请改正。"),
)
KIND_NOT_ALLOWED = stop(
    "kind-not-allowed",
    N_("按表头看，这是“{kind}”；您的账号只能导入：{kinds}。"),
    N_("请选择上述种类的工作簿；其他表请交市医保部门导入。"),
)
ANSWER_NEEDED = stop(
    "answer-needed",
    N_("文件没有写明：{names}。"),
    N_("请在导入时说明：{options}，或在表中增加相应的列。"),
)
ANSWER_UNREADABLE = stop(
    "answer-unreadable",
    N_("导入时说明的 {name}={answer} 无法读取。"),
    N_("日期请写成 2022-11-01 的样式，类别等请用模板所列的词，省份请用一个省份的名称。"),
)
ANSWER_UNKNOWN = stop(
    "answer-unknown",
    N_("导入时说明了 {names}，而没有这一项；可以说明的有：{known}。"),
    N_("请改正名称后重新导入。"),
)
MAPPED_FIELD_UNKNOWN = stop(
    "mapped-field-unknown",
    N_("“{column}”列被指定为“{value}”，而“{kind}”没有这一项。"),
    N_("请改为以下之一：{fields}；不用的列留空。"),
)
INSTITUTIONS_ACROSS = stop(
    "institutions-across",
    N_("{names}等 {count} 家医药机构各占一列，每行没有说明数量属于哪一家机构。"),
    N_("请改为每行一家机构、一个品种：增加“医疗机构”列，把各机构的数量逐行列出，然后重新导入。"),
)
FILE_TOO_LARGE = stop(
    "file-too-large",
    N_("文件有 {size} MB，超过上限 {limit} MB，没有打开。"),
    N_("请拆分成几个文件，或删去图片和多余的工作表后重新导入。"),
)
TOO_MANY_PARTS = stop(
    "too-many-parts",
    N_("工作簿由 {parts} 个部件组成，超过上限 {limit} 个。"),
    N_("请把需要的工作表另存为新的 .xlsx 文件，再重新导入。"),
)
SHEET_TOO_LARGE = stop(
    "sheet-too-large",
    N_("工作表“{name}”的内容一直伸展到 {cell}，共 {cells} 格，超过上限 {limit} 格。"),
    N_("请按 Ctrl+End 找到最后的单元格，删去远处多余的内容或拆分文件后重新导入。"),
)
TOO_MANY_COLUMNS = stop(
    "too-many-columns",
    N_("工作表“{name}”的内容一直伸展到 {cell}，超过上限 {limit} 列。"),
    N_("请按 Ctrl+End 找到最后的单元格，删去右边多余的列后重新导入。"),
)
CELL_TOO_LONG = stop(
    "cell-too-long",
    N_("第 {row} 行有一个单元格超过 {limit} 个字符，不是表格数据。"),
    N_("请检查该行的引号和分隔符，或用 Excel 打开后另存为 .xlsx，再重新导入。"),
)
UNCLOSED_QUOTE = stop(
    "unclosed-quote",
    N_("第 {row} 行有一个引号没有配对，它后面的各行会被并入同一格。"),
    N_("请删去或补上该引号，或用 Excel 打开后另存为 .xlsx，再重新导入。"),
)
DECLARES_ENTITIES = stop(
    "declares-entities",
    N_("文件中声明了 XML 实体，正常的工作簿没有这样的内容，为安全起见没有读取。"),
    N_("请用 Excel 或 WPS 打开后另存为 .xlsx，再重新导入。"),
)
READING_TOO_SLOW = stop(
    "reading-too-slow",
    N_("读取文件用时超过上限 {limit} 秒，已停止。"),
    N_("请删去多余的工作表和空白格式区域，或拆分成几个文件后重新导入。"),
)
READING_NEEDS_MEMORY = stop(
    "reading-needs-memory",
    N_("读取文件所需的内存超过上限 {limit} MB，已停止。"),
    N_("请按 Ctrl+End 查看是否有远处多余的单元格，删去后或拆分成几个文件后重新导入。"),
)
READING_CRASHED = stop(
    "reading-crashed",
    N_("读取文件的程序异常终止，文件可能已损坏。"),
    N_("请用 Excel 或 WPS 打开后另存为 .xlsx，再重新导入。"),
)
UNIT_STATED_BELOW = stop(
    "unit-stated-below",
    N_("表格下方写有“{text}”，而表头和表头以上没有写明单位，无法确定“{column}”以什么为单位。"),
    N_("请把单位写入列名，如“金额(万元)”或“金额(元)”。"),
)
NOT_PURCHASES = stop(
    "not-purchases",
    N_("工作表或标题写作“{text}”，看来不是采购记录，不能按采购计入。"),
    N_("请删去这张工作表；确是采购记录的，请修改工作表名或标题；退货请把数量和金额写成负数。"),
)
