--liquibase formatted sql

--changeset pataka:bucket
--comment: Times are microseconds since 1970 in UTC. A change of versioning or object lock raises the epoch.
CREATE TABLE bucket (
    id          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
    name        VARBINARY(255)  NOT NULL,
    owner_id    VARCHAR(255)    NOT NULL,
    owner_name  VARCHAR(255)    NOT NULL,
    created_at  BIGINT          NOT NULL,
    versioning  ENUM ('OFF', 'ENABLED', 'SUSPENDED') NOT NULL,
    object_lock BOOLEAN         NOT NULL,
    epoch       INT UNSIGNED    NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY bucket_name (name),
    KEY bucket_of_owner (owner_id, name)
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE bucket;

--changeset pataka:bucket-document
--comment: Bucket configurations: policy, cors, tagging, ...
CREATE TABLE bucket_document (
    bucket_id BIGINT UNSIGNED NOT NULL,
    kind      VARCHAR(32)     NOT NULL,
    document  MEDIUMTEXT      NOT NULL,
    PRIMARY KEY (bucket_id, kind),
    CONSTRAINT document_of_bucket FOREIGN KEY (bucket_id) REFERENCES bucket (id) ON DELETE CASCADE
) ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
--rollback DROP TABLE bucket_document;
