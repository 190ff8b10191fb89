--liquibase formatted sql

--changeset pataka:rename-done
--comment: Renamings that bore a client's token, for a client that repeats one after a lost answer.
CREATE TABLE rename_done (
    bucket_id BIGINT UNSIGNED NOT NULL,
    token     VARBINARY(64)   NOT NULL,
    request   BINARY(32)      NOT NULL,
    done_at   BIGINT          NOT NULL,
    PRIMARY KEY (bucket_id, token),
    KEY rename_done_when (done_at)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE rename_done;
