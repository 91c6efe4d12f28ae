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
