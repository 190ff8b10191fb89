package io.pataka.service.protocol;

import io.pataka.service.model.ETag;
import java.util.ArrayList;
import java.util.List;

/**
 * The value of an {@code If-Match} or {@code If-None-Match} header, RFC 9110 section 8.8.3: {@code *}, or a list of entity
 * tags. Tags without quotes are accepted, as by S3.
 *
 * @param any whether the value is {@code *}
 */
public record EntityTags(boolean any, List<Tag> tags) {

    public EntityTags {
        tags = List.copyOf(tags);
    }

    /** One tag; a weak one equals no other under strong comparison. */
    public record Tag(ETag etag, boolean weak) {}

    public static EntityTags parse(String value) {
        String text = value.trim();
        if (text.equals("*")) {
            return new EntityTags(true, List.of());
        }
        List<Tag> tags = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            boolean weak = text.startsWith("W/\"", at);
            int start = weak ? at + 2 : at;
            if (text.charAt(start) == '"') {
                int end = text.indexOf('"', start + 1);
                end = end < 0 ? text.length() : end;
                tags.add(new Tag(new ETag(text.substring(start + 1, end)), weak));
                at = end + 1;
            } else {
                int end = text.indexOf(',', start);
                end = end < 0 ? text.length() : end;
                tags.add(new Tag(new ETag(text.substring(start, end).trim()), false));
                at = end;
            }
        }
        return new EntityTags(false, tags);
    }

    /** Strong comparison, for {@code If-Match}. */
    boolean matchesStrongly(ETag etag) {
        return any || tags.stream().anyMatch(tag -> !tag.weak() && tag.etag().equals(etag));
    }

    /** Weak comparison, for {@code If-None-Match}. */
    boolean matchesWeakly(ETag etag) {
        return any || tags.stream().anyMatch(tag -> tag.etag().equals(etag));
    }

    /** The tags that a strong comparison may match. */
    List<ETag> strong() {
        return tags.stream().filter(tag -> !tag.weak()).map(Tag::etag).toList();
    }

    /** All tags, weak ones too. */
    List<ETag> all() {
        return tags.stream().map(Tag::etag).toList();
    }
}
