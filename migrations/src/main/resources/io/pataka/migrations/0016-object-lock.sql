--liquibase formatted sql

--changeset pataka:bucket-object-lock
--comment: The default retention of a bucket with object lock. The epoch of such a bucket ends in .5, of others in .0: a node of the
--comment: previous release reads it without its fraction, so that no write of that node, which knows no locks, meets the epoch.
ALTER TABLE bucket
    MODIFY COLUMN epoch DECIMAL(12, 1) NOT NULL,
    ADD COLUMN default_mode ENUM ('GOVERNANCE', 'COMPLIANCE') NULL,
    ADD COLUMN default_length INT UNSIGNED NULL,
    ADD COLUMN default_unit ENUM ('DAYS', 'YEARS') NULL;
--rollback ALTER TABLE bucket MODIFY COLUMN epoch INT UNSIGNED NOT NULL, DROP COLUMN default_mode, DROP COLUMN default_length, DROP COLUMN default_unit;

--changeset pataka:version-lock
--comment: retain_until: microseconds since 1970 in UTC; NULL with lock_mode for a version without retention. legal_hold: 0 if none was
--comment: ever set, 1 for one that is on, 2 for one that is off. MariaDB changes
--comment: object_current and upload at once. It copies object_noncurrent, which has an index on a computed column: while it does, reads go on
--comment: and changes of versioned keys wait.
ALTER TABLE object_current
    ADD COLUMN lock_mode ENUM ('GOVERNANCE', 'COMPLIANCE') NULL,
    ADD COLUMN retain_until BIGINT NULL,
    ADD COLUMN legal_hold TINYINT UNSIGNED NOT NULL DEFAULT 0;
ALTER TABLE object_noncurrent
    ADD COLUMN lock_mode ENUM ('GOVERNANCE', 'COMPLIANCE') NULL,
    ADD COLUMN retain_until BIGINT NULL,
    ADD COLUMN legal_hold TINYINT UNSIGNED NOT NULL DEFAULT 0;
ALTER TABLE upload
    ADD COLUMN lock_mode ENUM ('GOVERNANCE', 'COMPLIANCE') NULL,
    ADD COLUMN retain_until BIGINT NULL,
    ADD COLUMN legal_hold TINYINT UNSIGNED NOT NULL DEFAULT 0;
--rollback ALTER TABLE object_current DROP COLUMN lock_mode, DROP COLUMN retain_until, DROP COLUMN legal_hold;
--rollback ALTER TABLE object_noncurrent DROP COLUMN lock_mode, DROP COLUMN retain_until, DROP COLUMN legal_hold;
--rollback ALTER TABLE upload DROP COLUMN lock_mode, DROP COLUMN retain_until, DROP COLUMN legal_hold;
