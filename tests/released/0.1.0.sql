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
	PRIMARY KEY (id), 
	UNIQUE (content_hash)
);
INSERT INTO "import" VALUES(1,'institutions','01 机构.xlsx','222329e885b4c1f76840e7306c82af7747fa8be9a3af18e0963555ba687509b7',NULL,'2026-11-29 19:26:55.000000','test',3,0,NULL);
INSERT INTO "import" VALUES(2,'batch_list','02 中选药品.xlsx','795ec7a8e3ef49b0990bd9a34d3e25b50b742a6429cf758c82e4fcbe3e4d6fdd',NULL,'2026-11-29 19:26:56.000000','test',2,0,NULL);
INSERT INTO "import" VALUES(3,'batch_list','03 中选耗材.xlsx','9be42ed30bdd994fc6ebeecffdcd78f0b992ece6d1dc1d31b5b1705a3afe0407',NULL,'2026-11-29 19:26:57.000000','test',1,0,NULL);
INSERT INTO "import" VALUES(4,'substitutes','04 同品种.xlsx','71def08647b545d97e3a6c8d6830fb17ca1ea0ff87e6a70cbc2c5b5699876514',NULL,'2026-11-29 19:26:57.000000','test',1,0,NULL);
INSERT INTO "import" VALUES(5,'agreed_volumes','05 约定.xlsx','7cbe36013f4b00b13b9ae6b3395d27bdb419ee663df0cbffbd795c4e42184816',NULL,'2026-11-29 19:26:58.000000','test',4,0,NULL);
INSERT INTO "import" VALUES(6,'assessments','06 考核.xlsx','e90f69138da1959017251958969751c88948b4c3af6df27e59ffe649bb34f3ef',NULL,'2026-11-29 19:26:58.000000','test',3,0,NULL);
INSERT INTO "import" VALUES(7,'payment_ratios','07 比例.xlsx','91cf60ca2b8b34188ddcfcc14f155cf3badd5796188333c85ec6f1bc91352331',NULL,'2026-11-29 19:26:58.000000','test',1,0,NULL);
INSERT INTO "import" VALUES(8,'purchases','08 采购 H1.xlsx','023ba04a4495a3c65a5ab5337fbc893a013d09256e48ae5ac796ac33cf7b248d','H1','2026-11-29 19:26:58.000000','test',8,0,0);
INSERT INTO "import" VALUES(9,'purchases','09 采购 H2.xlsx','39d13684a0ad8af359a8346e808a51a5080060fbf5ce06acf30b890e01c7a18f','H2','2026-11-29 19:26:59.000000','test',2,0,0);
INSERT INTO "import" VALUES(10,'purchases','10 采购 Y1.xlsx','2086ef30e24371a8b63ed1ccad5e0ee0ad42e48c27ff70364d2602a3e953c281','Y1','2026-11-29 19:26:59.000000','test',1,0,0);
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
INSERT INTO "institution_month" VALUES(1,0,1,35000,35000000000,140000000,700000000,140000000,0,2,1,'2022-02-01',1);
INSERT INTO "institution_month" VALUES(1,0,1,7000,7000000000,126000000,140000000,126000000,98000000,2,1,'2022-12-01',0);
INSERT INTO "institution_month" VALUES(1,0,1,3000,3000000000,13500000,60000000,13500000,0,3,1,'2022-04-01',1);
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
INSERT INTO "institution_year" VALUES(1,0,1,35000,35000000000,140000000,700000000,140000000,0,2,1,1,1,1);
INSERT INTO "institution_year" VALUES(1,0,1,3000,3000000000,13500000,60000000,13500000,0,3,1,1,1,1);
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
INSERT INTO "monthly_purchase" VALUES(1,1,1,'2022-03-01',1,1,1,1,2,0,89500,89500000000,358000000,1790000000,NULL);
INSERT INTO "monthly_purchase" VALUES(2,1,2,'2022-05-01',1,2,1,1,1,0,1600,1600000000,152000000,480000000,NULL);
INSERT INTO "monthly_purchase" VALUES(3,1,2,'2023-01-01',NULL,NULL,NULL,0,1,0,10,NULL,950000,NULL,NULL);
INSERT INTO "monthly_purchase" VALUES(4,1,3,'2022-06-01',2,3,1,1,1,0,25,25000000,175000000,3250000000,NULL);
INSERT INTO "monthly_purchase" VALUES(5,1,4,'2022-11-01',1,1,1,0,1,0,10000,10000000000,180000000,200000000,140000000);
INSERT INTO "monthly_purchase" VALUES(6,1,5,'2022-06-01',NULL,NULL,NULL,0,1,0,2,NULL,18000000,NULL,NULL);
INSERT INTO "monthly_purchase" VALUES(7,1,6,'2022-06-01',NULL,NULL,NULL,0,1,1,0,NULL,2000000,NULL,NULL);
INSERT INTO "monthly_purchase" VALUES(8,2,1,'2022-02-01',1,1,1,1,1,0,35000,35000000000,140000000,700000000,NULL);
INSERT INTO "monthly_purchase" VALUES(9,2,4,'2022-12-01',1,1,1,0,1,0,7000,7000000000,126000000,140000000,98000000);
INSERT INTO "monthly_purchase" VALUES(10,3,1,'2022-04-01',1,1,1,1,1,0,3000,3000000000,13500000,60000000,NULL);
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
	import_id INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (code), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "product" VALUES(1,'P1','甲片',NULL,'10mg*10片/盒',10,'片','甲公司',2);
INSERT INTO "product" VALUES(2,'P3','乙针',NULL,'2ml*1支/盒',1,'支','丙公司',2);
INSERT INTO "product" VALUES(3,'C0201011230000100001','支架',NULL,'3.0×18mm',1,'个','丁公司',3);
INSERT INTO "product" VALUES(4,'P2','甲片',NULL,'10mg*10片/盒',10,'片','深圳示泰药业股份有限公司',4);
INSERT INTO "product" VALUES(5,'C0201011230000100009','球囊',NULL,NULL,NULL,'个',NULL,8);
INSERT INTO "product" VALUES(6,'Q7','丙颗粒',NULL,NULL,NULL,NULL,NULL,8);
CREATE TABLE purchase (
	id INTEGER NOT NULL, 
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
	PRIMARY KEY (id), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
INSERT INTO "purchase" VALUES(1,1,1,'2022-03-05',0,90000000,1,90000,4000000,360000000,NULL,NULL,NULL,NULL,8,'Sheet',3);
INSERT INTO "purchase" VALUES(2,1,1,'2022-03-20',0,-500000,1,-500,4000000,-2000000,NULL,NULL,NULL,NULL,8,'Sheet',4);
INSERT INTO "purchase" VALUES(3,1,4,'2022-11-30',0,10000000,1,10000,18000000,180000000,NULL,NULL,NULL,NULL,8,'Sheet',5);
INSERT INTO "purchase" VALUES(4,1,2,'2022-05-06',0,16000000,0,1600,9500000,152000000,NULL,NULL,NULL,NULL,8,'Sheet',6);
INSERT INTO "purchase" VALUES(5,1,3,'2022-06-01',0,250000,0,25,700000000,175000000,NULL,NULL,NULL,NULL,8,'Sheet',7);
INSERT INTO "purchase" VALUES(6,1,5,'2022-06-02',0,20000,0,2,900000000,18000000,NULL,NULL,NULL,NULL,8,'Sheet',8);
INSERT INTO "purchase" VALUES(7,1,6,'2022-06-03',0,100000,1,NULL,20000000,2000000,NULL,NULL,NULL,NULL,8,'Sheet',9);
INSERT INTO "purchase" VALUES(8,1,2,'2023-01-05',0,100000,0,10,9500000,950000,NULL,NULL,NULL,NULL,8,'Sheet',10);
INSERT INTO "purchase" VALUES(9,2,1,'2022-02-10',0,35000000,1,35000,4000000,140000000,NULL,NULL,NULL,NULL,9,'Sheet',3);
INSERT INTO "purchase" VALUES(10,2,4,'2022-12-30',0,7000000,1,7000,18000000,126000000,NULL,NULL,NULL,NULL,9,'Sheet',4);
INSERT INTO "purchase" VALUES(11,3,1,'2022-04-01',0,3000000,1,3000,4500000,13500000,NULL,NULL,NULL,NULL,10,'Sheet',3);
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
INSERT INTO "variety_month" VALUES(1,0,1,35000,35000000000,140000000,700000000,140000000,0,'2022-02-01',1,1,1);
INSERT INTO "variety_month" VALUES(1,0,1,7000,7000000000,126000000,140000000,126000000,98000000,'2022-12-01',1,1,0);
INSERT INTO "variety_month" VALUES(1,0,1,3000,3000000000,13500000,60000000,13500000,0,'2022-04-01',1,1,1);
CREATE INDEX ix_purchase_institution_day ON purchase (institution_id, bought_on);
CREATE INDEX ix_purchase_product_id ON purchase (product_id);
CREATE INDEX ix_purchase_import_id ON purchase (import_id);
CREATE INDEX ix_purchase_day ON purchase (is_whole_month, bought_on);
CREATE INDEX ix_listing_product_id ON listing (product_id);
CREATE INDEX ix_listing_variety_id ON listing (variety_id);
CREATE INDEX ix_agreed_volume_batch_id ON agreed_volume (batch_id);
CREATE INDEX ix_monthly_purchase_variety ON monthly_purchase (variety_id, month);
CREATE INDEX ix_monthly_purchase_month ON monthly_purchase (month);
COMMIT;
