--liquibase formatted sql

--changeset pataka:document-records-changes
--comment: asks_for_records: whether the document asks for a record of every change of an object of its bucket. Its name is no column of
--comment: table bucket, because nodes of the previous release name columns of bucket alone where they join the two tables.
ALTER TABLE bucket_document ADD COLUMN asks_for_records BOOLEAN NOT NULL DEFAULT FALSE;
--rollback ALTER TABLE bucket_document DROP COLUMN asks_for_records;

--changeset pataka:topic
--comment: Topics of notifications. attributes: JSON without secrets. secret: sealed; NULL for none. accepts: FALSE while the topic has as
--comment: many events as it may have. holder, leased_until: which node sends its events. retry_at: not to be tried before; failures: since
--comment: the last success. Times are microseconds since 1970 in UTC.
CREATE TABLE topic (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    account_id   VARCHAR(255)    NOT NULL,
    name         VARCHAR(256)    NOT NULL,
    attributes   MEDIUMTEXT      NOT NULL,
    secret       VARBINARY(8192) NULL,
    created_at   BIGINT          NOT NULL,
    accepts      BOOLEAN         NOT NULL DEFAULT TRUE,
    holder       VARCHAR(64)     NULL,
    leased_until BIGINT          NOT NULL DEFAULT 0,
    retry_at     BIGINT          NOT NULL DEFAULT 0,
    failures     INT UNSIGNED    NOT NULL DEFAULT 0,
    PRIMARY KEY (id),
    UNIQUE KEY topic_of_account (account_id, name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE topic;

--changeset pataka:event
--comment: Events that are not sent yet, written in the transaction of the change. record: JSON without the sequencer, which is
--comment: sequence. The ids of the changes of one key grow in the order of the changes.
CREATE TABLE event (
    id        BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    topic_id  BIGINT UNSIGNED NOT NULL,
    sequence  BIGINT          NOT NULL,
    queued_at BIGINT          NOT NULL,
    record    MEDIUMBLOB      NOT NULL,
    PRIMARY KEY (id),
    KEY event_of_topic (topic_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE event;

--changeset pataka:log-record
--comment: Lines of bucket logs that are in no log object yet. target_id: the bucket that the log is written to. roll_id: the log object that
--comment: is being written with the line; NULL for none. due_at: when a log object has to be written at the latest.
CREATE TABLE log_record (
    id        BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    target_id BIGINT UNSIGNED NOT NULL,
    prefix    VARBINARY(1024) NOT NULL,
    roll_id   BIGINT UNSIGNED NULL,
    due_at    BIGINT          NOT NULL,
    line      MEDIUMBLOB      NOT NULL,
    PRIMARY KEY (id),
    KEY log_record_of_target (target_id, prefix),
    KEY log_record_due (due_at),
    KEY log_record_of_roll (roll_id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE log_record;

--changeset pataka:log-roll
--comment: Log objects that are being written. A process that ends in the middle leaves the row, and another writes the object again.
CREATE TABLE log_roll (
    id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    target_id    BIGINT UNSIGNED NOT NULL,
    prefix       VARBINARY(1024) NOT NULL,
    object_key   VARBINARY(1024) NOT NULL,
    started_at   BIGINT          NOT NULL,
    holder       VARCHAR(64)     NULL,
    leased_until BIGINT          NOT NULL DEFAULT 0,
    PRIMARY KEY (id)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE log_roll;
