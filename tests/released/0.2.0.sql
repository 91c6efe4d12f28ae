BEGIN TRANSACTION;
CREATE TABLE agreed_volume (
	id INTEGER NOT NULL, 
	institution_id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	variety_id INTEGER NOT NULL, 
	product_id INTEGER, 
	agreement_year INTEGER NOT NULL, 
	reported_units BIGINT, 
	agreed_units BIGINT NOT NULL, 
	import_id INTEGER NOT NULL, 
	row_number INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (institution_id, variety_id, product_id, agreement_year), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(variety_id) REFERENCES variety (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "agreed_volume" VALUES(1,1,1,1,NULL,1,100000,70000,5,2);
INSERT INTO "agreed_volume" VALUES(2,2,1,1,NULL,1,50000,40000,5,3);
INSERT INTO "agreed_volume" VALUES(3,1,1,2,NULL,1,2000,1500,5,4);
INSERT INTO "agreed_volume" VALUES(4,1,2,3,NULL,1,30,24,5,5);
CREATE TABLE area_volume (
	id INTEGER NOT NULL, 
	area VARCHAR NOT NULL, 
	batch_id INTEGER NOT NULL, 
	variety_id INTEGER NOT NULL, 
	product_id INTEGER, 
	agreement_year INTEGER NOT NULL, 
	reported_units BIGINT, 
	agreed_units BIGINT NOT NULL, 
	import_id INTEGER NOT NULL, 
	row_number INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (area, variety_id, product_id, agreement_year), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(variety_id) REFERENCES variety (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
CREATE TABLE assessment (
	id INTEGER NOT NULL, 
	institution_id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	agreement_year INTEGER NOT NULL, 
	score BIGINT NOT NULL, 
	import_id INTEGER NOT NULL, 
	row_number INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (institution_id, batch_id, agreement_year), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "assessment" VALUES(1,1,1,1,92000000,6,2);
INSERT INTO "assessment" VALUES(2,2,1,1,78000000,6,3);
INSERT INTO "assessment" VALUES(3,1,2,1,85000000,6,4);
CREATE TABLE batch (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	level VARCHAR, 
	category VARCHAR NOT NULL, 
	execution_date DATE NOT NULL, 
	end_date DATE NOT NULL, 
	import_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "batch" VALUES(1,'国采一',NULL,'drug','2022-01-01','2022-12-31',2);
INSERT INTO "batch" VALUES(2,'支架',NULL,'consumable','2022-01-01','2022-12-31',3);
CREATE TABLE heading_mapping (
	id INTEGER NOT NULL, 
	institution_code VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	heading VARCHAR NOT NULL, 
	field VARCHAR NOT NULL, 
	decided_at DATETIME NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (institution_code, kind, heading)
);
CREATE TABLE import (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	file_name VARCHAR NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	institution_code VARCHAR, 
	imported_at DATETIME NOT NULL, 
	imported_by VARCHAR NOT NULL, 
	rows INTEGER NOT NULL, 
	skipped_rows INTEGER NOT NULL, 
	skipped_amount BIGINT, 
	mode VARCHAR, 
	new_rows INTEGER NOT NULL, 
	changed_rows INTEGER NOT NULL, 
	unchanged_rows INTEGER NOT NULL, 
	withdrawn_rows INTEGER NOT NULL, 
	answers VARCHAR, 
	undoes INTEGER, 
	PRIMARY KEY (id), 
	UNIQUE (content_hash), 
	UNIQUE (undoes), 
	FOREIGN KEY(undoes) REFERENCES import (id)
);
INSERT INTO "import" VALUES(1,'institutions','01 机构.xlsx','4c69eeb32a6be77b9f33f4b74c7ae27d74e631464fd1b3b4d4f1a686731823bf',NULL,'2026-11-29 19:27:05.000000','test',3,0,NULL,'update',3,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(2,'batch_list','02 中选药品.xlsx','22e6766f759b8faa8e2353beb1ec8afd4ef2a0a0ece586d267efa91bf573503e',NULL,'2026-11-29 19:27:07.000000','test',2,0,NULL,'update',2,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(3,'batch_list','03 中选耗材.xlsx','c4411850712b51b50e72b95bd9f87d571a4d2d03f7199a7eed5095250a84f021',NULL,'2026-11-29 19:27:09.000000','test',1,0,NULL,'update',1,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(4,'substitutes','04 同品种.xlsx','d40c118baed5a908a61747b6dabef7996e4553637ac2722a08018ea4f474b1eb',NULL,'2026-11-29 19:27:11.000000','test',1,0,NULL,'update',1,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(5,'agreed_volumes','05 约定.xlsx','291b93a6712a63496af8656c18a298395ec8c074948b91caaa9dd7fcb0828cae',NULL,'2026-11-29 19:27:12.000000','test',4,0,NULL,'update',4,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(6,'assessments','06 考核.xlsx','73b33c183905a4ce4e03b84490bddf0b59025bafd8bc0b1f9fedd629f9c8cc3f',NULL,'2026-11-29 19:27:14.000000','test',3,0,NULL,'update',3,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(7,'payment_ratios','07 比例.xlsx','e96d647c4f4d4776d1a56d2f7f490b10df304eda546ac91589cd06a4d49c2dd1',NULL,'2026-11-29 19:27:15.000000','test',1,0,NULL,'update',1,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(8,'purchases','08 采购 H1.xlsx','1d9e9696e08ded7cb213c9616a0ccb8038bc417d04ae45cdb8e4282ecf0799c9','H1','2026-11-29 19:27:17.000000','test',8,0,0,'replace',8,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(9,'purchases','09 采购 H2.xlsx','7f97189ef4ce0fb41efec6b5bfdf9789f59dd4f8c0a081e572470056530cdfaa','H2','2026-11-29 19:27:19.000000','test',2,0,0,'replace',2,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(10,'purchases','10 采购 Y1.xlsx','7dde6b44ceb8c5e726935761fc2db42c9edc19bbc33317094a6badd670f1c4c7','Y1','2026-11-29 19:27:21.000000','test',1,0,0,'replace',1,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(11,'purchases','11 采购 H2 更正.xlsx','1154009676d8638187d355e1c66004355903f79a30c67a2edf3a53fa347fca77','H2','2026-11-29 19:27:24.000000','test',2,0,0,'replace',1,1,0,0,NULL,NULL);
INSERT INTO "import" VALUES(12,'purchases','12 采购 H2 误.xlsx','2f34680b1922ab34c7379e65e9a1f20d847bb09957895c1d063634a095d51940','H2','2026-11-29 19:27:25.000000','test',1,0,0,'replace',0,1,0,0,NULL,NULL);
INSERT INTO "import" VALUES(13,'purchases','13 采购 Y1 无编码.xlsx','7d23d4e536cb0bb545c68daf8ba8f874bdbd8744421efad9d212b8684f36ff21','Y1','2026-11-29 19:27:27.000000','test',1,0,0,'replace',1,0,0,0,NULL,NULL);
INSERT INTO "import" VALUES(14,'undo','12 采购 H2 误.xlsx','undo:12','H2','2026-11-29 19:27:28.000000','test',2,0,NULL,NULL,1,0,0,1,NULL,12);
CREATE TABLE import_change (
	id INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	table_name VARCHAR NOT NULL, 
	row_id INTEGER NOT NULL, 
	"before" VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "import_change" VALUES(1,1,'institution',1,NULL);
INSERT INTO "import_change" VALUES(2,1,'institution',2,NULL);
INSERT INTO "import_change" VALUES(3,1,'institution',3,NULL);
INSERT INTO "import_change" VALUES(4,2,'batch',1,NULL);
INSERT INTO "import_change" VALUES(5,2,'variety',1,NULL);
INSERT INTO "import_change" VALUES(6,2,'variety',2,NULL);
INSERT INTO "import_change" VALUES(7,2,'product',1,NULL);
INSERT INTO "import_change" VALUES(8,2,'product',2,NULL);
INSERT INTO "import_change" VALUES(9,2,'listing',1,NULL);
INSERT INTO "import_change" VALUES(10,2,'listing',2,NULL);
INSERT INTO "import_change" VALUES(11,3,'batch',2,NULL);
INSERT INTO "import_change" VALUES(12,3,'variety',3,NULL);
INSERT INTO "import_change" VALUES(13,3,'product',3,NULL);
INSERT INTO "import_change" VALUES(14,3,'listing',3,NULL);
INSERT INTO "import_change" VALUES(15,4,'product',4,NULL);
INSERT INTO "import_change" VALUES(16,4,'listing',4,NULL);
INSERT INTO "import_change" VALUES(17,5,'agreed_volume',1,NULL);
INSERT INTO "import_change" VALUES(18,5,'agreed_volume',2,NULL);
INSERT INTO "import_change" VALUES(19,5,'agreed_volume',3,NULL);
INSERT INTO "import_change" VALUES(20,5,'agreed_volume',4,NULL);
INSERT INTO "import_change" VALUES(21,6,'assessment',1,NULL);
INSERT INTO "import_change" VALUES(22,6,'assessment',2,NULL);
INSERT INTO "import_change" VALUES(23,6,'assessment',3,NULL);
INSERT INTO "import_change" VALUES(24,7,'payment_ratio',1,NULL);
INSERT INTO "import_change" VALUES(25,8,'product',5,NULL);
INSERT INTO "import_change" VALUES(26,8,'product',6,NULL);
INSERT INTO "import_change" VALUES(27,13,'product',7,NULL);
CREATE TABLE import_coverage (
	import_id INTEGER NOT NULL, 
	institution_id INTEGER NOT NULL, 
	month DATE NOT NULL, 
	category VARCHAR NOT NULL, 
	PRIMARY KEY (import_id, institution_id, month, category), 
	FOREIGN KEY(import_id) REFERENCES import (id), 
	FOREIGN KEY(institution_id) REFERENCES institution (id)
);
INSERT INTO "import_coverage" VALUES(8,1,'2022-03-01','drug');
INSERT INTO "import_coverage" VALUES(8,1,'2022-11-01','drug');
INSERT INTO "import_coverage" VALUES(8,1,'2022-05-01','drug');
INSERT INTO "import_coverage" VALUES(8,1,'2022-06-01','consumable');
INSERT INTO "import_coverage" VALUES(8,1,'2022-06-01','');
INSERT INTO "import_coverage" VALUES(8,1,'2023-01-01','drug');
INSERT INTO "import_coverage" VALUES(9,2,'2022-02-01','drug');
INSERT INTO "import_coverage" VALUES(9,2,'2022-12-01','drug');
INSERT INTO "import_coverage" VALUES(10,3,'2022-04-01','drug');
INSERT INTO "import_coverage" VALUES(11,2,'2022-02-01','drug');
INSERT INTO "import_coverage" VALUES(12,2,'2022-12-01','drug');
INSERT INTO "import_coverage" VALUES(13,3,'2022-09-01','');
CREATE TABLE institution (
	id INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	level VARCHAR, 
	district VARCHAR, 
	ownership VARCHAR, 
	chain VARCHAR, 
	parent_code VARCHAR, 
	import_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (code), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "institution" VALUES(1,'H1','示例第一医院','hospital','三级','东区',NULL,NULL,NULL,1);
INSERT INTO "institution" VALUES(2,'H2','示例第二医院','hospital','二级','西区',NULL,NULL,NULL,1);
INSERT INTO "institution" VALUES(3,'Y1','示例大药房','pharmacy',NULL,'东区',NULL,NULL,NULL,1);
CREATE TABLE institution_month (
	lines INTEGER NOT NULL, 
	unmeasured_lines INTEGER NOT NULL, 
	compared_lines INTEGER NOT NULL, 
	base_units BIGINT NOT NULL, 
	equivalent_units BIGINT NOT NULL, 
	paid_amount BIGINT NOT NULL, 
	baseline_amount BIGINT NOT NULL, 
	compared_amount BIGINT NOT NULL, 
	missed_amount BIGINT NOT NULL, 
	institution_id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	month DATE NOT NULL, 
	is_selected BOOLEAN NOT NULL, 
	PRIMARY KEY (institution_id, batch_id, month, is_selected)
);
INSERT INTO "institution_month" VALUES(2,1,0,2,0,20000000,0,0,0,1,0,'2022-06-01',0);
INSERT INTO "institution_month" VALUES(1,0,0,10,0,950000,0,0,0,1,0,'2023-01-01',0);
INSERT INTO "institution_month" VALUES(2,0,2,89500,89500000000,358000000,1790000000,358000000,0,1,1,'2022-03-01',1);
INSERT INTO "institution_month" VALUES(1,0,1,1600,1600000000,152000000,480000000,152000000,0,1,1,'2022-05-01',1);
INSERT INTO "institution_month" VALUES(1,0,1,10000,10000000000,180000000,200000000,180000000,140000000,1,1,'2022-11-01',0);
INSERT INTO "institution_month" VALUES(1,0,1,25,25000000,175000000,3250000000,175000000,0,1,2,'2022-06-01',1);
INSERT INTO "institution_month" VALUES(2,0,2,37000,37000000000,148000000,740000000,148000000,0,2,1,'2022-02-01',1);
INSERT INTO "institution_month" VALUES(1,0,1,7000,7000000000,126000000,140000000,126000000,98000000,2,1,'2022-12-01',0);
INSERT INTO "institution_month" VALUES(1,0,1,3000,3000000000,13500000,60000000,13500000,0,3,1,'2022-04-01',1);
INSERT INTO "institution_month" VALUES(1,0,1,200,200000000,3500000,4000000,3500000,2700000,3,1,'2022-09-01',0);
CREATE TABLE institution_year (
	lines INTEGER NOT NULL, 
	unmeasured_lines INTEGER NOT NULL, 
	compared_lines INTEGER NOT NULL, 
	base_units BIGINT NOT NULL, 
	equivalent_units BIGINT NOT NULL, 
	paid_amount BIGINT NOT NULL, 
	baseline_amount BIGINT NOT NULL, 
	compared_amount BIGINT NOT NULL, 
	missed_amount BIGINT NOT NULL, 
	institution_id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	variety_id INTEGER NOT NULL, 
	agreement_year INTEGER NOT NULL, 
	is_selected BOOLEAN NOT NULL, 
	PRIMARY KEY (institution_id, batch_id, variety_id, agreement_year, is_selected)
);
INSERT INTO "institution_year" VALUES(3,1,0,12,0,20950000,0,0,0,1,0,0,0,0);
INSERT INTO "institution_year" VALUES(1,0,1,10000,10000000000,180000000,200000000,180000000,140000000,1,1,1,1,0);
INSERT INTO "institution_year" VALUES(2,0,2,89500,89500000000,358000000,1790000000,358000000,0,1,1,1,1,1);
INSERT INTO "institution_year" VALUES(1,0,1,1600,1600000000,152000000,480000000,152000000,0,1,1,2,1,1);
INSERT INTO "institution_year" VALUES(1,0,1,25,25000000,175000000,3250000000,175000000,0,1,2,3,1,1);
INSERT INTO "institution_year" VALUES(1,0,1,7000,7000000000,126000000,140000000,126000000,98000000,2,1,1,1,0);
INSERT INTO "institution_year" VALUES(2,0,2,37000,37000000000,148000000,740000000,148000000,0,2,1,1,1,1);
INSERT INTO "institution_year" VALUES(1,0,1,3000,3000000000,13500000,60000000,13500000,0,3,1,1,1,1);
INSERT INTO "institution_year" VALUES(1,0,1,200,200000000,3500000,4000000,3500000,2700000,3,1,1,1,0);
CREATE TABLE listing (
	id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	variety_id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	status VARCHAR NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	strength_factor BIGINT NOT NULL, 
	baseline_unit_price BIGINT, 
	baseline_basis VARCHAR, 
	awarded_unit_price BIGINT, 
	stated_price BIGINT, 
	stated_per_pack BOOLEAN NOT NULL, 
	supply_area VARCHAR, 
	import_id INTEGER NOT NULL, 
	row_number INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (batch_id, product_id, starts_on), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(variety_id) REFERENCES variety (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "listing" VALUES(1,1,1,1,'selected','2022-01-01','2022-12-31',1000000,2000000,'listed',400000,400000,0,NULL,2,2);
INSERT INTO "listing" VALUES(2,1,2,2,'selected','2022-01-01','2022-12-31',1000000,30000000,'listed',9500000,9500000,0,NULL,2,3);
INSERT INTO "listing" VALUES(3,2,3,3,'selected','2022-01-01','2022-12-31',1000000,13000000000,'listed',700000000,700000000,0,NULL,3,2);
INSERT INTO "listing" VALUES(4,1,1,4,'non_selected','2022-01-01','2022-12-31',1000000,NULL,NULL,NULL,NULL,0,NULL,4,2);
CREATE TABLE monthly_purchase (
	id INTEGER NOT NULL, 
	institution_id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	month DATE NOT NULL, 
	batch_id INTEGER, 
	variety_id INTEGER, 
	agreement_year INTEGER, 
	is_selected BOOLEAN NOT NULL, 
	lines INTEGER NOT NULL, 
	unmeasured_lines INTEGER NOT NULL, 
	base_units BIGINT NOT NULL, 
	equivalent_units BIGINT, 
	paid_amount BIGINT NOT NULL, 
	baseline_amount BIGINT, 
	missed_amount BIGINT, 
	PRIMARY KEY (id), 
	UNIQUE (institution_id, product_id, month, batch_id, agreement_year, is_selected), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(variety_id) REFERENCES variety (id)
);
INSERT INTO "monthly_purchase" VALUES(4,1,3,'2022-06-01',2,3,1,1,1,0,25,25000000,175000000,3250000000,NULL);
INSERT INTO "monthly_purchase" VALUES(6,1,5,'2022-06-01',NULL,NULL,NULL,0,1,0,2,NULL,18000000,NULL,NULL);
INSERT INTO "monthly_purchase" VALUES(7,1,6,'2022-06-01',NULL,NULL,NULL,0,1,1,0,NULL,2000000,NULL,NULL);
INSERT INTO "monthly_purchase" VALUES(8,1,1,'2022-03-01',1,1,1,1,2,0,89500,89500000000,358000000,1790000000,NULL);
INSERT INTO "monthly_purchase" VALUES(9,1,2,'2022-05-01',1,2,1,1,1,0,1600,1600000000,152000000,480000000,NULL);
INSERT INTO "monthly_purchase" VALUES(10,1,2,'2023-01-01',NULL,NULL,NULL,0,1,0,10,NULL,950000,NULL,NULL);
INSERT INTO "monthly_purchase" VALUES(11,1,4,'2022-11-01',1,1,1,0,1,0,10000,10000000000,180000000,200000000,140000000);
INSERT INTO "monthly_purchase" VALUES(12,2,1,'2022-02-01',1,1,1,1,2,0,37000,37000000000,148000000,740000000,NULL);
INSERT INTO "monthly_purchase" VALUES(13,2,4,'2022-12-01',1,1,1,0,1,0,7000,7000000000,126000000,140000000,98000000);
INSERT INTO "monthly_purchase" VALUES(14,3,1,'2022-04-01',1,1,1,1,1,0,3000,3000000000,13500000,60000000,NULL);
INSERT INTO "monthly_purchase" VALUES(15,3,4,'2022-09-01',1,1,1,0,1,0,200,200000000,3500000,4000000,2700000);
CREATE TABLE payment_ratio (
	id INTEGER NOT NULL, 
	institution_id INTEGER, 
	batch_id INTEGER, 
	from_date DATE, 
	ratio BIGINT NOT NULL, 
	import_id INTEGER NOT NULL, 
	row_number INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(batch_id) REFERENCES batch (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "payment_ratio" VALUES(1,NULL,NULL,'2021-01-01',700000,7,2);
CREATE TABLE product (
	id INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	name VARCHAR, 
	form VARCHAR, 
	spec VARCHAR, 
	units_per_pack INTEGER, 
	base_unit VARCHAR, 
	manufacturer VARCHAR, 
	category VARCHAR, 
	registration VARCHAR, 
	is_provisional BOOLEAN NOT NULL, 
	merged_into INTEGER, 
	import_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (code), 
	FOREIGN KEY(merged_into) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "product" VALUES(1,'P1','甲片',NULL,'10mg*10片/盒',10,'片','甲公司','drug',NULL,0,NULL,2);
INSERT INTO "product" VALUES(2,'P3','乙针',NULL,'2ml*1支/盒',1,'支','丙公司','drug',NULL,0,NULL,2);
INSERT INTO "product" VALUES(3,'C0201011230000100001','支架',NULL,'3.0×18mm',1,'个','丁公司','consumable',NULL,0,NULL,3);
INSERT INTO "product" VALUES(4,'P2','甲片',NULL,'10mg*10片/盒',10,'片','深圳示泰药业股份有限公司','drug',NULL,0,NULL,4);
INSERT INTO "product" VALUES(5,'C0201011230000100009','球囊',NULL,NULL,NULL,'个',NULL,'consumable',NULL,0,NULL,8);
INSERT INTO "product" VALUES(6,'Q7','丙颗粒',NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,8);
INSERT INTO "product" VALUES(7,'TMP-C13CC67A68','甲片',NULL,'10mg*10片/盒',10,'片','示泰',NULL,NULL,1,4,13);
CREATE TABLE product_match (
	id INTEGER NOT NULL, 
	provisional_id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	decision VARCHAR NOT NULL, 
	score INTEGER, 
	decided_at DATETIME NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(provisional_id) REFERENCES product (id), 
	FOREIGN KEY(product_id) REFERENCES product (id)
);
INSERT INTO "product_match" VALUES(1,7,4,'confirmed',962500,'2026-11-29 19:27:28.000000','test');
CREATE TABLE purchase (
	institution_id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	bought_on DATE NOT NULL, 
	is_whole_month BOOLEAN NOT NULL, 
	quantity BIGINT NOT NULL, 
	is_pack BOOLEAN NOT NULL, 
	base_units BIGINT, 
	unit_price BIGINT, 
	paid_amount BIGINT NOT NULL, 
	distributor VARCHAR, 
	invoice VARCHAR, 
	accepted_on DATE, 
	paid_on DATE, 
	import_id INTEGER NOT NULL, 
	sheet VARCHAR NOT NULL, 
	row_number INTEGER NOT NULL, 
	restored_by INTEGER, 
	id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id), 
	FOREIGN KEY(restored_by) REFERENCES import (id)
);
INSERT INTO "purchase" VALUES(1,1,'2022-03-05',0,90000000,1,90000,4000000,360000000,NULL,NULL,NULL,NULL,8,'Sheet',3,NULL,1);
INSERT INTO "purchase" VALUES(1,1,'2022-03-20',0,-500000,1,-500,4000000,-2000000,NULL,NULL,NULL,NULL,8,'Sheet',4,NULL,2);
INSERT INTO "purchase" VALUES(1,4,'2022-11-30',0,10000000,1,10000,18000000,180000000,NULL,NULL,NULL,NULL,8,'Sheet',5,NULL,3);
INSERT INTO "purchase" VALUES(1,2,'2022-05-06',0,16000000,0,1600,9500000,152000000,NULL,NULL,NULL,NULL,8,'Sheet',6,NULL,4);
INSERT INTO "purchase" VALUES(1,3,'2022-06-01',0,250000,0,25,700000000,175000000,NULL,NULL,NULL,NULL,8,'Sheet',7,NULL,5);
INSERT INTO "purchase" VALUES(1,5,'2022-06-02',0,20000,0,2,900000000,18000000,NULL,NULL,NULL,NULL,8,'Sheet',8,NULL,6);
INSERT INTO "purchase" VALUES(1,6,'2022-06-03',0,100000,1,NULL,20000000,2000000,NULL,NULL,NULL,NULL,8,'Sheet',9,NULL,7);
INSERT INTO "purchase" VALUES(1,2,'2023-01-05',0,100000,0,10,9500000,950000,NULL,NULL,NULL,NULL,8,'Sheet',10,NULL,8);
INSERT INTO "purchase" VALUES(3,1,'2022-04-01',0,3000000,1,3000,4500000,13500000,NULL,NULL,NULL,NULL,10,'Sheet',3,NULL,11);
INSERT INTO "purchase" VALUES(2,1,'2022-02-10',0,36000000,1,36000,4000000,144000000,NULL,NULL,NULL,NULL,11,'Sheet',3,NULL,12);
INSERT INTO "purchase" VALUES(2,1,'2022-02-11',0,1000000,1,1000,4000000,4000000,NULL,NULL,NULL,NULL,11,'Sheet',4,NULL,13);
INSERT INTO "purchase" VALUES(3,7,'2022-09-01',0,200000,1,200,17500000,3500000,NULL,NULL,NULL,NULL,13,'Sheet',2,NULL,15);
INSERT INTO "purchase" VALUES(2,4,'2022-12-30',0,7000000,1,7000,18000000,126000000,NULL,NULL,NULL,NULL,9,'Sheet',4,14,16);
CREATE TABLE variety (
	id INTEGER NOT NULL, 
	batch_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	baseline_unit_price BIGINT, 
	baseline_basis VARCHAR, 
	PRIMARY KEY (id), 
	UNIQUE (batch_id, name), 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
INSERT INTO "variety" VALUES(1,1,'甲口服常释',NULL,NULL);
INSERT INTO "variety" VALUES(2,1,'乙注射液',NULL,NULL);
INSERT INTO "variety" VALUES(3,2,'冠脉支架',NULL,NULL);
CREATE TABLE variety_month (
	lines INTEGER NOT NULL, 
	unmeasured_lines INTEGER NOT NULL, 
	compared_lines INTEGER NOT NULL, 
	base_units BIGINT NOT NULL, 
	equivalent_units BIGINT NOT NULL, 
	paid_amount BIGINT NOT NULL, 
	baseline_amount BIGINT NOT NULL, 
	compared_amount BIGINT NOT NULL, 
	missed_amount BIGINT NOT NULL, 
	month DATE NOT NULL, 
	batch_id INTEGER NOT NULL, 
	variety_id INTEGER NOT NULL, 
	is_selected BOOLEAN NOT NULL, 
	PRIMARY KEY (month, batch_id, variety_id, is_selected)
);
INSERT INTO "variety_month" VALUES(2,0,2,89500,89500000000,358000000,1790000000,358000000,0,'2022-03-01',1,1,1);
INSERT INTO "variety_month" VALUES(1,0,1,1600,1600000000,152000000,480000000,152000000,0,'2022-05-01',1,2,1);
INSERT INTO "variety_month" VALUES(2,1,0,2,0,20000000,0,0,0,'2022-06-01',0,0,0);
INSERT INTO "variety_month" VALUES(1,0,1,25,25000000,175000000,3250000000,175000000,0,'2022-06-01',2,3,1);
INSERT INTO "variety_month" VALUES(1,0,1,10000,10000000000,180000000,200000000,180000000,140000000,'2022-11-01',1,1,0);
INSERT INTO "variety_month" VALUES(1,0,0,10,0,950000,0,0,0,'2023-01-01',0,0,0);
INSERT INTO "variety_month" VALUES(2,0,2,37000,37000000000,148000000,740000000,148000000,0,'2022-02-01',1,1,1);
INSERT INTO "variety_month" VALUES(1,0,1,7000,7000000000,126000000,140000000,126000000,98000000,'2022-12-01',1,1,0);
INSERT INTO "variety_month" VALUES(1,0,1,3000,3000000000,13500000,60000000,13500000,0,'2022-04-01',1,1,1);
INSERT INTO "variety_month" VALUES(1,0,1,200,200000000,3500000,4000000,3500000,2700000,'2022-09-01',1,1,0);
CREATE TABLE withdrawn_purchase (
	institution_id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	bought_on DATE NOT NULL, 
	is_whole_month BOOLEAN NOT NULL, 
	quantity BIGINT NOT NULL, 
	is_pack BOOLEAN NOT NULL, 
	base_units BIGINT, 
	unit_price BIGINT, 
	paid_amount BIGINT NOT NULL, 
	distributor VARCHAR, 
	invoice VARCHAR, 
	accepted_on DATE, 
	paid_on DATE, 
	import_id INTEGER NOT NULL, 
	sheet VARCHAR NOT NULL, 
	row_number INTEGER NOT NULL, 
	restored_by INTEGER, 
	id INTEGER NOT NULL, 
	withdrawn_by INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id), 
	FOREIGN KEY(restored_by) REFERENCES import (id), 
	FOREIGN KEY(withdrawn_by) REFERENCES import (id)
);
INSERT INTO "withdrawn_purchase" VALUES(2,1,'2022-02-10',0,35000000,1,35000,4000000,140000000,NULL,NULL,NULL,NULL,9,'Sheet',3,NULL,1,11);
INSERT INTO "withdrawn_purchase" VALUES(2,4,'2022-12-30',0,7000000,1,7000,18000000,126000000,NULL,NULL,NULL,NULL,9,'Sheet',4,NULL,2,12);
INSERT INTO "withdrawn_purchase" VALUES(2,4,'2022-12-30',0,70000000,1,70000,18000000,1260000000,NULL,NULL,NULL,NULL,12,'Sheet',3,NULL,3,14);
CREATE INDEX ix_import_change_import_id ON import_change (import_id);
CREATE INDEX ix_product_merged_into ON product (merged_into);
CREATE INDEX ix_purchase_import ON purchase (import_id);
CREATE INDEX ix_purchase_institution_day ON purchase (institution_id, bought_on);
CREATE INDEX ix_purchase_product ON purchase (product_id);
CREATE INDEX ix_purchase_day ON purchase (is_whole_month, bought_on);
CREATE INDEX ix_withdrawn_purchase_import ON withdrawn_purchase (import_id);
CREATE INDEX ix_withdrawn_purchase_by ON withdrawn_purchase (withdrawn_by);
CREATE INDEX ix_product_match_provisional_id ON product_match (provisional_id);
CREATE INDEX ix_listing_variety_id ON listing (variety_id);
CREATE INDEX ix_listing_product_id ON listing (product_id);
CREATE INDEX ix_agreed_volume_batch_id ON agreed_volume (batch_id);
CREATE INDEX ix_area_volume_batch_id ON area_volume (batch_id);
CREATE INDEX ix_monthly_purchase_month ON monthly_purchase (month);
CREATE INDEX ix_monthly_purchase_variety ON monthly_purchase (variety_id, month);
COMMIT;
