package io.pataka.service.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressGuardTest {

    private static final AddressGuard STRICT = new AddressGuard(List.of(), List.of(), false);

    private static final InetAddress PUBLIC = InetAddresses.forString("8.8.8.8");

    private static AddressGuard guard(List<String> denied, List<String> allowed, boolean privateNetworks) {
        return new AddressGuard(
                denied.stream().map(Network::parse).toList(),
                allowed.stream().map(Network::parse).toList(),
                privateNetworks);
    }

    /** An IPv6 address of these bytes, which {@link InetAddress} would turn into an IPv4 address if it is a mapped one. */
    private static boolean admits(AddressGuard guard, String address) {
        return guard.admits(InetAddresses.forString(address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.255.254",
                "0.0.0.0",
                "0.1.2.3",
                "169.254.169.254",
                "192.0.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "febf::1",
                "ff02::1"
            })
    void refusesAddressesThatAreNeverOfATenant(String address) {
        assertThat(admits(STRICT, address)).isFalse();
        assertThat(admits(guard(List.of(), List.of(), true), address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "fd00::1",
                "fc00::1",
                "fec0::1"
            })
    void admitsPrivateNetworksOnlyIfTheSettingsSaySo(String address) {
        assertThat(admits(STRICT, address)).isFalse();
        assertThat(admits(guard(List.of(), List.of(), true), address)).isTrue();
    }

    /** 169.254.169.254 in every form in which IPv6 can carry it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::169.254.169.254",
                "64:ff9b:1::169.254.169.254",
                "2002:a9fe:a9fe::1",
                "2001:0:8.8.8.8:0:0:5601:5601",
                "2001:470::5efe:169.254.169.254"
            })
    void looksIntoIpv6AddressesThatContainAnIpv4Address(String text) {
        String address = text.replace("2001:0:8.8.8.8:0:0:5601:5601", "2001:0:808:808:0:0:5601:5601");
        assertThat(admits(STRICT, address)).isFalse();
        assertThat(admits(guard(List.of(), List.of(), true), address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.32.0.1",
                "100.128.0.1",
                "2001:4860:4860::8888",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1"
            })
    void admitsPublicAddresses(String address) {
        assertThat(admits(STRICT, address)).isTrue();
    }

    @Test
    void admitsWhatTheSettingsAllow() {
        AddressGuard guard = guard(List.of(), List.of("127.0.0.0/8", "10.1.0.0/16"), false);

        assertThat(admits(guard, "127.0.0.1")).isTrue();
        assertThat(admits(guard, "10.1.2.3")).isTrue();
        assertThat(admits(guard, "10.2.0.1")).isFalse();
        assertThat(admits(guard, "169.254.169.254")).isFalse();
    }

    @Test
    void refusesWhatTheSettingsDenyAlthoughTheyAllowItToo() {
        AddressGuard guard = guard(List.of("10.1.0.0/16", "8.8.8.0/24"), List.of("10.0.0.0/8"), true);

        assertThat(admits(guard, "10.1.2.3")).isFalse();
        assertThat(admits(guard, "10.2.0.1")).isTrue();
        assertThat(admits(guard, "8.8.8.8")).isFalse();
        assertThat(admits(guard, "64:ff9b::8.8.8.8")).isFalse();
    }

    @Test
    void refusesTheAddressesOfThisMachine() throws Exception {
        AddressGuard guard = guard(List.of(), List.of(), true);

        assertThat(NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(guard::admits))
                .isEmpty();
    }

    @Test
    void keepsTheAddressesOfAHostThatAreAdmitted() throws Exception {
        assertThat(STRICT.admitted("both.example", List.of(InetAddresses.forString("127.0.0.1"), PUBLIC)))
                .containsExactly(PUBLIC);
        assertThatThrownBy(() -> STRICT.resolve("localhost"))
                .isInstanceOf(AddressRefusedException.class)
                .hasMessage("localhost is in a network to which events are not sent");
        assertThatThrownBy(() -> STRICT.resolve("host.invalid"))
                .isInstanceOf(UnknownHostException.class)
                .isNotInstanceOf(AddressRefusedException.class);
    }

    /** The forms of numbers that resolvers of C take for IPv4 addresses. */
    @ParameterizedTest
    @ValueSource(strings = {"127.1", "2130706433", "0x7f000001", "[::1]", "localhost."})
    void refusesOtherWaysToWriteLoopback(String host) {
        assertThatThrownBy(() -> STRICT.resolve(host)).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void requiresAResolvedAddress() throws Exception {
        STRICT.require(new InetSocketAddress(PUBLIC, 80));

        assertThatThrownBy(() -> STRICT.require(InetSocketAddress.createUnresolved("8.8.8.8", 80)))
                .isInstanceOf(UnknownHostException.class);
        assertThatThrownBy(() -> STRICT.require(new InetSocketAddress("127.0.0.1", 80)))
                .isInstanceOf(AddressRefusedException.class);
    }
}
