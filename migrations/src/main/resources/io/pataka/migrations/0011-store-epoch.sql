--liquibase formatted sql

--changeset pataka:store-epoch
--comment: Rises every minute, here first and then on the volumes: a database whose epoch is behind theirs was restored from a backup.
ALTER TABLE store_identity ADD COLUMN epoch BIGINT UNSIGNED NOT NULL DEFAULT 0;
--rollback ALTER TABLE store_identity DROP COLUMN epoch;
