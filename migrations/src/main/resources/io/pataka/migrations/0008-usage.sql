--liquibase formatted sql

--changeset pataka:bucket-usage
--comment: What lay in a bucket when a job last added it up. Nothing that writes objects touches this table.
CREATE TABLE bucket_usage (
    bucket_id  BIGINT UNSIGNED NOT NULL,
    objects    BIGINT UNSIGNED NOT NULL,
    bytes      DECIMAL(30)     NOT NULL,
    counted_at BIGINT          NOT NULL,
    PRIMARY KEY (bucket_id),
    CONSTRAINT usage_of_bucket FOREIGN KEY (bucket_id) REFERENCES bucket (id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE bucket_usage;
