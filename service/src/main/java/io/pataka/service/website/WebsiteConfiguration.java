package io.pataka.service.website;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a bucket's website does.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html">AWS: PutBucketWebsite</a>
 */
public sealed interface WebsiteConfiguration {

    /**
     * Every request is redirected to another host.
     *
     * @param host perhaps with a port
     * @param scheme empty for that of the request
     */
    record RedirectAll(String host, Optional<Scheme> scheme) implements WebsiteConfiguration {
        public RedirectAll {
            Objects.requireNonNull(host);
            Objects.requireNonNull(scheme);
        }

        String location(WebsiteOrigin origin, byte[] asked) {
            return Locations.of(scheme.orElse(origin.scheme()), host, Locations.ofKey(asked));
        }
    }

    /**
     * Objects of the bucket are pages.
     *
     * @param indexSuffix what is added to a key that is empty or ends with a slash; not empty, and without a slash
     * @param errorKey of the object that is sent with errors of status 4xx
     * @param rules in the order in which they are tried; at most 50
     */
    record Pages(String indexSuffix, Optional<String> errorKey, List<RoutingRule> rules)
            implements WebsiteConfiguration {
        public Pages {
            Objects.requireNonNull(indexSuffix);
            Objects.requireNonNull(errorKey);
            rules = List.copyOf(rules);
        }

        /** The first rule for a key, of those without an error. */
        Optional<RoutingRule> ruleFor(byte[] asked) {
            return first(asked, OptionalInt.empty());
        }

        /** The first rule for a key, of those for an error. */
        Optional<RoutingRule> ruleFor(byte[] asked, int errorStatus) {
            return first(asked, OptionalInt.of(errorStatus));
        }

        private Optional<RoutingRule> first(byte[] asked, OptionalInt errorStatus) {
            return rules.stream()
                    .filter(rule -> rule.errorStatus().equals(errorStatus) && rule.appliesTo(asked))
                    .findFirst();
        }
    }
}
