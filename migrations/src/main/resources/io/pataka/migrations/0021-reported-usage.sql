--liquibase formatted sql

--changeset pataka:reported-usage
--comment: How much of the counts of request_usage was reported to the cloud's metering. hour: as there.
CREATE TABLE reported_usage (
    account_id     VARCHAR(255)    NOT NULL,
    hour           BIGINT          NOT NULL,
    ops            BIGINT UNSIGNED NOT NULL,
    bytes_sent     BIGINT UNSIGNED NOT NULL,
    bytes_received BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (account_id, hour),
    KEY reported_usage_hour (hour)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE reported_usage;
