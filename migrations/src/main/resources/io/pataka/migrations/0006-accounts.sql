--liquibase formatted sql

--changeset pataka:account-document
--comment: Configurations of an account, which hold for all its buckets: the public access block.
CREATE TABLE account_document (
    account_id VARCHAR(255) NOT NULL,
    kind       VARCHAR(32)  NOT NULL,
    document   MEDIUMTEXT   NOT NULL,
    PRIMARY KEY (account_id, kind)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE account_document;
