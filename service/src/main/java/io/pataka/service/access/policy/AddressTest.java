package io.pataka.service.access.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** IpAddress and its opposite. */
final class AddressTest implements ValueTest {

    private final List<AddressBlock> blocks;

    private AddressTest(List<AddressBlock> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    static AddressTest of(List<String> values, Place place) throws MalformedPolicyException {
        List<AddressBlock> blocks = new ArrayList<>();
        for (String value : values) {
            blocks.add(AddressBlock.read(value)
                    .orElseThrow(() -> place.malformed("Policy has an invalid IP address in a condition", value)));
        }
        return new AddressTest(blocks);
    }

    @Override
    public boolean matches(String value, PolicyQuestion question) {
        Optional<byte[]> address = AddressBlock.bytesOf(value);
        if (address.isEmpty()) {
            return false;
        }
        for (AddressBlock block : blocks) {
            if (block.contains(address.get())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean isNarrow() {
        return blocks.stream().noneMatch(AddressBlock::isPublic);
    }
}
