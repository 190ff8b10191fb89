--liquibase formatted sql

--changeset pataka:log-record-time
--comment: added_at: when the line was added, in microseconds since 1970 in UTC. A log object ends with the lines that were added before it
--comment: was due.
ALTER TABLE log_record ADD COLUMN added_at BIGINT NOT NULL DEFAULT (CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED));
--rollback ALTER TABLE log_record DROP COLUMN added_at;
