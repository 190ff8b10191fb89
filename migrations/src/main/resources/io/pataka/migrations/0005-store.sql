--liquibase formatted sql

--changeset pataka:store-identity
--comment: Which store the database describes, by the UUID on its volumes; one row, written by the first start.
CREATE TABLE store_identity (
    only_row TINYINT  NOT NULL DEFAULT 1 CHECK (only_row = 1),
    store    CHAR(36) CHARACTER SET ascii NOT NULL,
    PRIMARY KEY (only_row)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE store_identity;
