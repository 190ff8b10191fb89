--liquibase formatted sql

--changeset pataka:damaged-blob
--comment: Blobs whose bytes are lost: the file is missing, or is not what was written. A blob that the collector deletes goes from
--comment: here, too. bucket_id and object_key: of a version that needs the blob, once one was found; seen_at: when it was found last.
CREATE TABLE damaged_blob (
    blob_id    BINARY(16)      NOT NULL,
    kind       ENUM ('DAMAGED', 'MISSING') NOT NULL,
    found_at   BIGINT          NOT NULL,
    reason     VARCHAR(1024)   NOT NULL,
    bucket_id  BIGINT UNSIGNED NULL,
    object_key VARBINARY(1024) NULL,
    seen_at    BIGINT          NULL,
    PRIMARY KEY (blob_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE damaged_blob;

--changeset pataka:job-position
--comment: How far a job came that walks over rows. began_at: of the round that runs; whole_at: beginning of the last whole round.
CREATE TABLE job_position (
    job      VARCHAR(64)   NOT NULL,
    position VARCHAR(4096) CHARACTER SET ascii NULL,
    began_at BIGINT        NOT NULL,
    whole_at BIGINT        NULL,
    PRIMARY KEY (job)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE job_position;
