package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.nio.file.Path;

/**
 * The paths below a volume's directory: {@code objects/ab/cd/<blob id>}, {@code incoming/<blob id>}, {@code quarantine/<blob id>}.
 * {@code abcd} is the shard in the id, in four hexadecimal digits.
 */
final class ShardLayout {

    private static final char[] DIGITS = "0123456789abcdef".toCharArray();

    private final Path root;
    private final Path objects;
    private final Path incoming;
    private final Path quarantine;

    ShardLayout(Path root) {
        this.root = root;
        this.objects = root.resolve("objects");
        this.incoming = root.resolve("incoming");
        this.quarantine = root.resolve("quarantine");
    }

    Path root() {
        return root;
    }

    Path objects() {
        return objects;
    }

    Path incoming() {
        return incoming;
    }

    /** Locked while files are moved between names. */
    Path moves() {
        return root.resolve("moves.lock");
    }

    Path quarantine() {
        return quarantine;
    }

    /** The directory of 256 shards. */
    Path upper(int shard) {
        return objects.resolve(hex(shard >>> 8));
    }

    Path shard(int shard) {
        return objects.resolve(hex(shard >>> 8) + '/' + hex(shard));
    }

    Path blob(BlobId id) {
        return shard(Shard.index(id)).resolve(id.toString());
    }

    Path incoming(BlobId id) {
        return incoming.resolve(id.toString());
    }

    Path quarantine(BlobId id) {
        return quarantine.resolve(id.toString());
    }

    private static String hex(int value) {
        return new String(new char[] {DIGITS[value >>> 4 & 0xF], DIGITS[value & 0xF]});
    }
}
