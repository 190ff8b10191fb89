package io.pataka.service.delivery;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.util.Objects;

/**
 * A range of IP addresses.
 *
 * @param prefix how many of the first bits an address shares with the base
 */
public record Network(InetAddress base, int prefix) {

    /** @throws IllegalArgumentException when the prefix is longer than an address */
    public Network {
        Objects.requireNonNull(base);
        if (prefix < 0 || prefix > base.getAddress().length * 8) {
            throw new IllegalArgumentException("a prefix of " + prefix + " bits does not fit the address");
        }
    }

    /**
     * Reads CIDR notation, such as {@code 10.0.0.0/8} or {@code fc00::/7}; an address alone is a range of one. No name is resolved.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!InetAddresses.isInetAddress(address)) {
            throw new IllegalArgumentException("not an IP address or network: " + text);
        }
        InetAddress base = InetAddresses.forString(address);
        if (slash < 0) {
            return new Network(base, base.getAddress().length * 8);
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("not an IP address or network: " + text);
        }
        return new Network(base, Integer.parseInt(bits));
    }

    /** Whether an address of the same family is in the range. */
    public boolean contains(InetAddress address) {
        byte[] one = base.getAddress();
        byte[] other = address.getAddress();
        if (one.length != other.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (one[i] != other[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((one[whole] ^ other[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
    }

    @Override
    public String toString() {
        return InetAddresses.toAddrString(base) + "/" + prefix;
    }
}
