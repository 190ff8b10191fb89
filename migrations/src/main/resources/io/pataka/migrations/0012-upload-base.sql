--liquibase formatted sql

--changeset pataka:upload-base
--comment: The sequence of the key's current version when the upload began, 0 for none: what a conditional completion relies on. NULL for an upload begun by the previous release, whose completion is not held against it.
ALTER TABLE upload ADD COLUMN base_sequence BIGINT UNSIGNED NULL;
--rollback ALTER TABLE upload DROP COLUMN base_sequence;
