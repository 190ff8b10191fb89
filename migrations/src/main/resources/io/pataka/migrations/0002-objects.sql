--liquibase formatted sql

--changeset pataka:object-current
--comment: The newest version of each key, a delete marker included. Keys are bytes: their order is the order of listings.
--comment: sequence: microseconds since 1970 times 2048, plus a tie-breaker; it grows with every version of a key.
--comment: blob_id is set where one blob holds the content, upload_id where it is the parts of a completed upload.
--comment: prev_blob, prev_upload and prev_count: what the last overwrite in place replaced, handed back by INSERT ... RETURNING.
CREATE TABLE object_current (
    bucket_id     BIGINT UNSIGNED   NOT NULL,
    object_key    VARBINARY(1024)   NOT NULL,
    sequence      BIGINT UNSIGNED   NOT NULL,
    null_version  BOOLEAN           NOT NULL,
    delete_marker BOOLEAN           NOT NULL,
    size          BIGINT UNSIGNED   NOT NULL,
    etag          VARBINARY(64)     NOT NULL,
    owner_id      VARCHAR(255)      NOT NULL,
    owner_name    VARCHAR(255)      NOT NULL,
    blob_id       BINARY(16)        NULL,
    upload_id     BINARY(16)        NULL,
    part_count    SMALLINT UNSIGNED NULL,
    storage_class VARCHAR(64)       NOT NULL,
    checksums     VARCHAR(512)      NOT NULL,
    appendable    BOOLEAN           NOT NULL,
    facts         MEDIUMBLOB        NULL,
    prev_blob     BINARY(16)        NULL,
    prev_upload   BINARY(16)        NULL,
    prev_count    SMALLINT UNSIGNED NULL,
    PRIMARY KEY (bucket_id, object_key),
    CONSTRAINT current_of_bucket FOREIGN KEY (bucket_id) REFERENCES bucket (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE object_current;

--changeset pataka:object-noncurrent
--comment: Older versions, newest first within a key. sole_null makes the null version of a key unique.
CREATE TABLE object_noncurrent (
    bucket_id     BIGINT UNSIGNED   NOT NULL,
    object_key    VARBINARY(1024)   NOT NULL,
    sequence      BIGINT UNSIGNED   NOT NULL,
    null_version  BOOLEAN           NOT NULL,
    delete_marker BOOLEAN           NOT NULL,
    size          BIGINT UNSIGNED   NOT NULL,
    etag          VARBINARY(64)     NOT NULL,
    owner_id      VARCHAR(255)      NOT NULL,
    owner_name    VARCHAR(255)      NOT NULL,
    blob_id       BINARY(16)        NULL,
    upload_id     BINARY(16)        NULL,
    part_count    SMALLINT UNSIGNED NULL,
    storage_class VARCHAR(64)       NOT NULL,
    checksums     VARCHAR(512)      NOT NULL,
    appendable    BOOLEAN           NOT NULL,
    facts         MEDIUMBLOB        NULL,
    sole_null     TINYINT AS (IF(null_version, 1, NULL)) VIRTUAL,
    PRIMARY KEY (bucket_id, object_key, sequence DESC),
    UNIQUE KEY sole_null_version (bucket_id, object_key, sole_null),
    KEY noncurrent_of_blob (blob_id),
    CONSTRAINT noncurrent_of_bucket FOREIGN KEY (bucket_id) REFERENCES bucket (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE object_noncurrent;
