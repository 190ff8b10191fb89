--liquibase formatted sql

--changeset pataka:retired-blob
--comment: Blobs that wait for the collector.
CREATE TABLE retired_blob (
    blob_id    BINARY(16) NOT NULL,
    retired_at BIGINT     NOT NULL,
    PRIMARY KEY (blob_id),
    KEY retired_when (retired_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE retired_blob;

--changeset pataka:retired-parts
--comment: Part lists that may have lost their object. A job looks at each when it is due: a list that its key still names
--comment: is struck off, the blobs of any other are retired in batches.
CREATE TABLE retired_parts (
    upload_id  BINARY(16)      NOT NULL,
    bucket_id  BIGINT UNSIGNED NOT NULL,
    object_key VARBINARY(1024) NOT NULL,
    due_at     BIGINT          NOT NULL,
    PRIMARY KEY (upload_id),
    KEY due_when (due_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE retired_parts;

--changeset pataka:blob-link
--comment: Keys that share a blob whose descriptor names another key (copies, renames).
CREATE TABLE blob_link (
    blob_id    BINARY(16)      NOT NULL,
    bucket_id  BIGINT UNSIGNED NOT NULL,
    object_key VARBINARY(1024) NOT NULL,
    linked_at  BIGINT          NOT NULL,
    PRIMARY KEY (blob_id, bucket_id, object_key)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE blob_link;

--changeset pataka:job-lease
--comment: Which node runs a job, until when by the database's clock.
CREATE TABLE job_lease (
    job        VARCHAR(64)  NOT NULL,
    holder     VARCHAR(255) NOT NULL,
    expires_at BIGINT       NOT NULL,
    PRIMARY KEY (job)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE job_lease;
