--liquibase formatted sql

--changeset pataka:request-usage
--comment: How many requests there were in each hour. hour: its beginning, in microseconds since 1970 in UTC. bucket: empty for requests to no
--comment: bucket, '-' if the bucket did not exist. node: the process that counted; each writes its own rows, with its whole count, so that
--comment: no row is written by two, and writing one again is harmless.
CREATE TABLE request_usage (
    account_id     VARCHAR(255)    NOT NULL,
    hour           BIGINT          NOT NULL,
    bucket         VARCHAR(255)    NOT NULL,
    category       VARCHAR(64)     NOT NULL,
    node           BINARY(16)      NOT NULL,
    ops            BIGINT UNSIGNED NOT NULL,
    successful_ops BIGINT UNSIGNED NOT NULL,
    bytes_sent     BIGINT UNSIGNED NOT NULL,
    bytes_received BIGINT UNSIGNED NOT NULL,
    PRIMARY KEY (account_id, hour, bucket, category, node),
    KEY request_usage_hour (hour)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE request_usage;
