--liquibase formatted sql

--changeset pataka:bucket-records-changes
--comment: records_changes: whether every change of an object of the bucket leaves a record in its own transaction. A node of the
--comment: previous release does not look at it, and no bucket has it set while such a node runs.
ALTER TABLE bucket ADD COLUMN records_changes BOOLEAN NOT NULL DEFAULT FALSE;
--rollback ALTER TABLE bucket DROP COLUMN records_changes;
