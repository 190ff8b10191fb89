--liquibase formatted sql

--changeset pataka:document-of-kind
--comment: Jobs go through the buckets that have a document of a kind, in the order of their ids.
ALTER TABLE bucket_document ADD KEY document_of_kind (kind, bucket_id);
--rollback ALTER TABLE bucket_document DROP KEY document_of_kind;
