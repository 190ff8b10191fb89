--liquibase formatted sql

--changeset pataka:bucket-turn
--comment: Jobs that work on each bucket. holder, expires_at: the process that works on the bucket now, until when by the database's
--comment: clock. due_at: when the bucket's next round is due. position: how far the round came that runs, in words of the job.
CREATE TABLE bucket_turn (
    job        VARCHAR(64)     NOT NULL,
    bucket_id  BIGINT UNSIGNED NOT NULL,
    holder     VARCHAR(255)    NULL,
    expires_at BIGINT          NOT NULL,
    due_at     BIGINT          NOT NULL,
    position   VARCHAR(4096) CHARACTER SET ascii NULL,
    PRIMARY KEY (job, bucket_id),
    KEY turns_of_bucket (bucket_id),
    CONSTRAINT turn_of_bucket FOREIGN KEY (bucket_id) REFERENCES bucket (id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE bucket_turn;
