CREATE TABLE import (
	id SERIAL NOT NULL, 
	kind VARCHAR NOT NULL, 
	file_name VARCHAR NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	institution_code VARCHAR, 
	imported_at TIMESTAMP WITH TIME ZONE NOT NULL, 
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
CREATE TABLE heading_mapping (
	id SERIAL NOT NULL, 
	institution_code VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	heading VARCHAR NOT NULL, 
	field VARCHAR NOT NULL, 
	decided_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (institution_code, kind, heading)
);
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
CREATE TABLE batch (
	id SERIAL NOT NULL, 
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
CREATE TABLE import_change (
	id SERIAL NOT NULL, 
	import_id INTEGER NOT NULL, 
	table_name VARCHAR NOT NULL, 
	row_id INTEGER NOT NULL, 
	before VARCHAR, 
	PRIMARY KEY (id), 
	FOREIGN KEY(import_id) REFERENCES import (id)
);
CREATE INDEX ix_import_change_import_id ON import_change (import_id);
CREATE TABLE institution (
	id SERIAL NOT NULL, 
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
CREATE TABLE product (
	id SERIAL NOT NULL, 
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
CREATE INDEX ix_product_merged_into ON product (merged_into);
CREATE TABLE variety (
	id SERIAL NOT NULL, 
	batch_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	baseline_unit_price BIGINT, 
	baseline_basis VARCHAR, 
	PRIMARY KEY (id), 
	UNIQUE (batch_id, name), 
	FOREIGN KEY(batch_id) REFERENCES batch (id)
);
CREATE TABLE import_coverage (
	import_id INTEGER NOT NULL, 
	institution_id INTEGER NOT NULL, 
	month DATE NOT NULL, 
	category VARCHAR NOT NULL, 
	PRIMARY KEY (import_id, institution_id, month, category), 
	FOREIGN KEY(import_id) REFERENCES import (id), 
	FOREIGN KEY(institution_id) REFERENCES institution (id)
);
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
	id SERIAL NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id), 
	FOREIGN KEY(restored_by) REFERENCES import (id)
);
CREATE INDEX ix_purchase_import ON purchase (import_id);
CREATE INDEX ix_purchase_institution_day ON purchase (institution_id, bought_on);
CREATE INDEX ix_purchase_product ON purchase (product_id);
CREATE INDEX ix_purchase_day ON purchase (is_whole_month, bought_on);
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
	id SERIAL NOT NULL, 
	withdrawn_by INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(institution_id) REFERENCES institution (id), 
	FOREIGN KEY(product_id) REFERENCES product (id), 
	FOREIGN KEY(import_id) REFERENCES import (id), 
	FOREIGN KEY(restored_by) REFERENCES import (id), 
	FOREIGN KEY(withdrawn_by) REFERENCES import (id)
);
CREATE INDEX ix_withdrawn_purchase_import ON withdrawn_purchase (import_id);
CREATE INDEX ix_withdrawn_purchase_by ON withdrawn_purchase (withdrawn_by);
CREATE TABLE product_match (
	id SERIAL NOT NULL, 
	provisional_id INTEGER NOT NULL, 
	product_id INTEGER NOT NULL, 
	decision VARCHAR NOT NULL, 
	score INTEGER, 
	decided_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	decided_by VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(provisional_id) REFERENCES product (id), 
	FOREIGN KEY(product_id) REFERENCES product (id)
);
CREATE INDEX ix_product_match_provisional_id ON product_match (provisional_id);
CREATE TABLE assessment (
	id SERIAL NOT NULL, 
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
CREATE TABLE payment_ratio (
	id SERIAL NOT NULL, 
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
CREATE TABLE listing (
	id SERIAL NOT NULL, 
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
CREATE INDEX ix_listing_variety_id ON listing (variety_id);
CREATE INDEX ix_listing_product_id ON listing (product_id);
CREATE TABLE agreed_volume (
	id SERIAL NOT NULL, 
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
CREATE INDEX ix_agreed_volume_batch_id ON agreed_volume (batch_id);
CREATE TABLE area_volume (
	id SERIAL NOT NULL, 
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
CREATE INDEX ix_area_volume_batch_id ON area_volume (batch_id);
CREATE TABLE monthly_purchase (
	id SERIAL NOT NULL, 
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
CREATE INDEX ix_monthly_purchase_month ON monthly_purchase (month);
CREATE INDEX ix_monthly_purchase_variety ON monthly_purchase (variety_id, month);
