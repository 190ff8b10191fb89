package io.pataka.service.metadata;

import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.SealedSecret;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The topics of notifications. They belong to an account and to no bucket. Every change takes a {@link ChangeContext}. Every method throws
 * {@link MetadataUnavailableException} when the database does not answer.
 */
public interface Topics {

    /**
     * A topic.
     *
     * @param accountId who owns it
     * @param attributes as the caller stored them, without a secret
     * @param secret for the endpoint
     */
    record Topic(long id, String accountId, String name, String attributes, Optional<SealedSecret> secret) {
        public Topic {
            Objects.requireNonNull(accountId);
            Objects.requireNonNull(name);
            Objects.requireNonNull(attributes);
            Objects.requireNonNull(secret);
        }
    }

    /** The topic as it is now. */
    Optional<Topic> find(String accountId, String name);

    /**
     * Topics of an account in the order of their names.
     *
     * @param after a name; empty text for the beginning
     * @param limit the most topics
     */
    List<Topic> page(String accountId, String after, int limit);

    /** What became of a new topic. */
    enum Creation {
        CREATED,
        /** The account has a topic of the name, which is unchanged. */
        EXISTS,
        /** The account has as many topics as it may have. */
        TOO_MANY
    }

    /**
     * Creates a topic, if the account has none of the name.
     *
     * @param most topics that the account may have
     */
    Creation create(
            String accountId,
            String name,
            String attributes,
            Optional<SealedSecret> secret,
            int most,
            ChangeContext change);

    /**
     * Replaces attributes and secret of a topic. Events that wait are sent by the new ones, at once.
     *
     * @param known the topic as the caller knows it
     * @return false when the topic is gone, or attributes or secret were changed meanwhile
     */
    boolean replace(Topic known, String attributes, Optional<SealedSecret> secret, ChangeContext change);

    /** Deletes a topic, if there is one, and the events that wait for it. */
    void delete(String accountId, String name, ChangeContext change);

    /**
     * Deletes events whose topic was deleted while they were written.
     *
     * @param limit the most events to delete
     * @return whether there may be more
     */
    boolean deleteEventsWithoutTopic(int limit);
}
