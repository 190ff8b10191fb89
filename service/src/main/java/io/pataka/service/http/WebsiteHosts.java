package io.pataka.service.http;

import io.pataka.service.model.BucketName;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.NetworkConnector;

/**
 * Which requests are for websites, by host name and by port. All others are for S3.
 *
 * <p>A host below a domain of websites is the website of the bucket that the rest of the name names, on every port. On the port for
 * websites every request is for a website, and a host name that is below no domain is itself the name of the bucket. The host names of S3
 * are never websites: the settings refuse domains of both that overlap, and on the port for websites these names have no bucket.
 */
public final class WebsiteHosts {

    /** No request is for a website. */
    public static final WebsiteHosts NONE = new WebsiteHosts(List.of(), OptionalInt.empty(), List.of());

    /** What may be in a Location header. Names of buckets may have underscores. */
    private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9._-]{1,255}(:[0-9]{1,5})?");

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private final List<String> domains;
    private final OptionalInt port;
    private final List<String> s3Domains;

    /**
     * @param domains host names whose subdomains are websites
     * @param port of a connector that serves nothing but websites
     * @param s3Domains the host names of S3
     */
    public WebsiteHosts(Collection<String> domains, OptionalInt port, Collection<String> s3Domains) {
        this.domains = lowerCase(domains);
        this.port = Objects.requireNonNull(port);
        this.s3Domains = lowerCase(s3Domains);
    }

    private static List<String> lowerCase(Collection<String> names) {
        return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    /**
     * The website that a request is for.
     *
     * @param bucket empty if the host can be no bucket's website
     * @param authority host, and port if the client named one; usable in a URI
     */
    record Site(Optional<BucketName> bucket, String authority) {

        private static final Site NONE = new Site(Optional.empty(), "");
    }

    /** Empty for a request to S3. */
    Optional<Site> siteOf(HttpServletRequest request) {
        if (domains.isEmpty() && port.isEmpty()) {
            return Optional.empty();
        }
        return siteOf(request.getHeader("Host"), isOnPort(request));
    }

    private boolean isOnPort(HttpServletRequest request) {
        // Not the servlet's local port, which a proxy may set.
        return port.isPresent()
                && ServletContextRequest.getServletContextRequest(request)
                                .getConnectionMetaData()
                                .getConnector()
                        instanceof NetworkConnector connector
                && connector.getLocalPort() == port.getAsInt();
    }

    /**
     * @param host the {@code Host} header; may be null
     * @param onPort whether the request came to the port for websites
     */
    Optional<Site> siteOf(String host, boolean onPort) {
        String name = host == null ? "" : withoutLastDot(BucketAddressing.hostName(host));
        for (String domain : domains) {
            if (name.equals(domain)) {
                return Optional.of(Site.NONE);
            }
            if (isBelow(name, domain)) {
                return Optional.of(site(name.substring(0, name.length() - domain.length() - 1), host));
            }
        }
        if (!onPort) {
            return Optional.empty();
        }
        boolean isOfS3 = s3Domains.stream().anyMatch(domain -> name.equals(domain) || isBelow(name, domain));
        return Optional.of(isOfS3 || name.isEmpty() || IPV4.matcher(name).matches() ? Site.NONE : site(name, host));
    }

    private static Site site(String bucket, String host) {
        return AUTHORITY.matcher(host).matches() && !bucket.isEmpty()
                ? new Site(Optional.of(new BucketName(bucket)), host.toLowerCase(Locale.ROOT))
                : Site.NONE;
    }

    /** Whether a host name is in a domain, and is not the domain itself. */
    public static boolean isBelow(String name, String domain) {
        return name.endsWith("." + domain);
    }

    /** Names that end with a dot are absolute (RFC 1034 section 3.1); browsers send the dot. */
    private static String withoutLastDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }
}
