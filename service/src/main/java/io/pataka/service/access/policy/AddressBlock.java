package io.pataka.service.access.policy;

import com.google.common.net.InetAddresses;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A block of IP addresses in CIDR form, RFC 4632; one address is a block of its own. An IPv6 address that stands for an IPv4 one
 * ({@code ::ffff:192.0.2.1}) is taken for that.
 */
final class AddressBlock {

    /** AWS takes an IPv4 block broader than this for the public. */
    private static final int BROADEST_IPV4 = 8;

    private static final int BROADEST_IPV6 = 32;

    private final byte[] bytes;
    private final int prefix;

    private AddressBlock(byte[] bytes, int prefix) {
        this.bytes = bytes;
        this.prefix = prefix;
    }

    /** Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32} or an address; empty for anything else. */
    static Optional<AddressBlock> read(String text) {
        if (text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        Optional<byte[]> address = bytesOf(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = address.get().length * 8;
        if (slash < 0) {
            return Optional.of(new AddressBlock(address.get(), bits));
        }
        OptionalInt prefix = number(text.substring(slash + 1), bits);
        return prefix.isPresent() ? Optional.of(new AddressBlock(address.get(), prefix.getAsInt())) : Optional.empty();
    }

    private static OptionalInt number(String digits, int most) {
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(digits);
        return number <= most ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** The bytes of an address as a socket or a policy writes it; no name is looked up. */
    static Optional<byte[]> bytesOf(String text) {
        String plain = text;
        if (plain.startsWith("[") && plain.endsWith("]")) {
            plain = plain.substring(1, plain.length() - 1);
        }
        int zone = plain.indexOf('%');
        if (zone >= 0) {
            plain = plain.substring(0, zone);
        }
        if (!InetAddresses.isInetAddress(plain)) {
            return Optional.empty();
        }
        return Optional.of(InetAddresses.forString(plain).getAddress());
    }

    boolean contains(byte[] address) {
        if (address.length != bytes.length) {
            return false;
        }
        int whole = prefix / 8;
        for (int i = 0; i < whole; i++) {
            if (address[i] != bytes[i]) {
                return false;
            }
        }
        int rest = prefix % 8;
        return rest == 0 || ((address[whole] ^ bytes[whole]) & 0xFF) >> (8 - rest) == 0;
    }

    /** Whether it is so large that a statement for it is public. */
    boolean isPublic() {
        return prefix < (bytes.length == 4 ? BROADEST_IPV4 : BROADEST_IPV6);
    }
}
