package io.pataka.service.delivery;

import com.google.common.net.InetAddresses;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Judges the addresses of destinations that tenants name, so that a tenant cannot make this server connect to services inside the cloud.
 * An address is judged after the name was resolved, and the connection is made to the very address that was judged: a name that gets
 * another address in between changes nothing.
 *
 * <p>Refused are loopback, link-local, multicast and reserved addresses, those of this machine, and private ones unless the settings
 * allow them. An IPv6 address that contains an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo, ISATAP) is refused if either is. The
 * registries of special addresses: RFC 6890, RFC 8190.
 */
public final class AddressGuard {

    private static final List<Network> RESERVED = networks(
            "0.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "::/127",
            "100::/64",
            "2001:db8::/32",
            "fe80::/10",
            "ff00::/8");

    private static final List<Network> PRIVATE =
            networks("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10");

    /** RFC 6052 and RFC 8215; the IPv4 address is in the last four bytes. */
    private static final List<Network> NAT64 = networks("64:ff9b::/96", "64:ff9b:1::/48");

    private final List<Network> denied;
    private final List<Network> allowed;
    private final boolean privateNetworks;

    /**
     * @param denied networks that are refused, whatever the other arguments say
     * @param allowed networks that are admitted although they are private or special
     * @param privateNetworks whether the private networks are admitted
     */
    public AddressGuard(List<Network> denied, List<Network> allowed, boolean privateNetworks) {
        this.denied = List.copyOf(denied);
        this.allowed = List.copyOf(allowed);
        this.privateNetworks = privateNetworks;
    }

    private static List<Network> networks(String... texts) {
        return Arrays.stream(texts).map(Network::parse).toList();
    }

    /** Whether a connection to the address may be made. */
    public boolean admits(InetAddress address) {
        return embedded(address).allMatch(this::admitsAlone);
    }

    private boolean admitsAlone(InetAddress address) {
        if (isIn(denied, address)) {
            return false;
        }
        if (isIn(allowed, address)) {
            return true;
        }
        return !isIn(RESERVED, address) && (privateNetworks || !isIn(PRIVATE, address)) && !isOfThisMachine(address);
    }

    private static boolean isIn(List<Network> networks, InetAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    /** A service of this machine may trust those who reach it by the address of the machine. */
    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            throw new IllegalStateException("the addresses of this machine cannot be read", e);
        }
    }

    /** The address and the IPv4 address in it, if there is one. */
    private static Stream<InetAddress> embedded(InetAddress address) {
        return Stream.concat(
                Stream.of(address), address instanceof Inet6Address six ? inSix(six).stream() : Stream.empty());
    }

    private static Optional<Inet4Address> inSix(Inet6Address address) {
        if (NAT64.stream().anyMatch(network -> network.contains(address))) {
            byte[] bytes = address.getAddress();
            return Optional.of(InetAddresses.fromInteger((bytes[12] & 0xff) << 24
                    | (bytes[13] & 0xff) << 16
                    | (bytes[14] & 0xff) << 8
                    | (bytes[15] & 0xff)));
        }
        if (InetAddresses.isIsatapAddress(address)) {
            return Optional.of(InetAddresses.getIsatapIPv4Address(address));
        }
        return InetAddresses.hasEmbeddedIPv4ClientAddress(address)
                ? Optional.of(InetAddresses.getEmbeddedIPv4ClientAddress(address))
                : Optional.empty();
    }

    /**
     * The addresses of a host to which a connection may be made.
     *
     * @throws AddressRefusedException when it has only others
     * @throws UnknownHostException when it has none
     */
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        return admitted(host, Arrays.asList(InetAddress.getAllByName(host)));
    }

    /**
     * Those of the addresses of a host to which a connection may be made.
     *
     * @throws AddressRefusedException when there is none
     */
    List<InetAddress> admitted(String host, List<InetAddress> addresses) throws AddressRefusedException {
        List<InetAddress> admitted = addresses.stream().filter(this::admits).toList();
        if (admitted.isEmpty()) {
            throw new AddressRefusedException(host);
        }
        return admitted;
    }

    /**
     * Does nothing if a connection may be made to the address.
     *
     * @param address resolved
     * @throws AddressRefusedException otherwise
     */
    void require(InetSocketAddress address) throws UnknownHostException {
        if (address.isUnresolved()) {
            throw new UnknownHostException(address.getHostString());
        }
        if (!admits(address.getAddress())) {
            throw new AddressRefusedException(address.getHostString());
        }
    }
}
