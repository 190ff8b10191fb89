--liquibase formatted sql

--changeset pataka:upload
--comment: Multipart uploads in progress. An id begins with the time, so that ids sort by it.
CREATE TABLE upload (
    id             BINARY(16)      NOT NULL,
    bucket_id     BIGINT UNSIGNED NOT NULL,
    object_key    VARBINARY(1024) NOT NULL,
    initiated_at  BIGINT          NOT NULL,
    owner_id      VARCHAR(255)    NOT NULL,
    owner_name    VARCHAR(255)    NOT NULL,
    initiator_id  VARCHAR(255)    NOT NULL,
    initiator_name VARCHAR(255)   NOT NULL,
    storage_class VARCHAR(64)     NOT NULL,
    algorithm     VARCHAR(16)     NULL,
    checksum_type VARCHAR(16)     NOT NULL,
    facts         MEDIUMBLOB      NULL,
    PRIMARY KEY (id),
    KEY upload_of_key (bucket_id, object_key, id),
    CONSTRAINT upload_of_bucket FOREIGN KEY (bucket_id) REFERENCES bucket (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE upload;

--changeset pataka:part
--comment: Parts of uploads, and of the objects that uploads became; starts_at is the part's first byte in the object.
CREATE TABLE part (
    upload_id   BINARY(16)        NOT NULL,
    part_number SMALLINT UNSIGNED NOT NULL,
    blob_id     BINARY(16)        NOT NULL,
    size        BIGINT UNSIGNED   NOT NULL,
    etag        VARBINARY(64)     NOT NULL,
    modified_at BIGINT            NOT NULL,
    checksums   VARCHAR(512)      NOT NULL,
    starts_at   BIGINT UNSIGNED   NULL,
    prev_blob   BINARY(16)        NULL,
    PRIMARY KEY (upload_id, part_number),
    KEY part_at (upload_id, starts_at),
    KEY part_of_blob (blob_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE part;

--changeset pataka:completed-upload
--comment: What completed uploads became, for a client that repeats CompleteMultipartUpload after a lost answer.
CREATE TABLE completed_upload (
    upload_id    BINARY(16)      NOT NULL,
    bucket_id    BIGINT UNSIGNED NOT NULL,
    object_key   VARBINARY(1024) NOT NULL,
    sequence     BIGINT UNSIGNED NOT NULL,
    null_version BOOLEAN         NOT NULL,
    etag         VARBINARY(64)   NOT NULL,
    completed_at BIGINT          NOT NULL,
    PRIMARY KEY (upload_id),
    KEY completed_when (completed_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE completed_upload;
