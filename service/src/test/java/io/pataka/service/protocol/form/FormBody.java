package io.pataka.service.protocol.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Map;

/** A form as a browser writes it, to the byte. */
public final class FormBody {

    public static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    public static final String MEDIA_TYPE = "multipart/form-data; boundary=" + BOUNDARY;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public static FormBody of(Map<String, String> fields) {
        FormBody form = new FormBody();
        fields.forEach(form::field);
        return form;
    }

    public FormBody field(String name, String value) {
        return part("Content-Disposition: form-data; name=\"" + name + "\"", value.getBytes(UTF_8));
    }

    public FormBody file(String filename, byte[] content) {
        return part(
                "Content-Disposition: form-data; name=\"file\"; filename=\"" + filename
                        + "\"\r\nContent-Type: application/x-of-the-browser",
                content);
    }

    public FormBody file(String filename, String content) {
        return file(filename, content.getBytes(UTF_8));
    }

    public FormBody part(String head, byte[] content) {
        out.writeBytes(("--" + BOUNDARY + "\r\n" + head + "\r\n\r\n").getBytes(UTF_8));
        out.writeBytes(content);
        out.writeBytes("\r\n".getBytes(UTF_8));
        return this;
    }

    /** Without the line that ends the form. */
    public byte[] unfinished() {
        return out.toByteArray();
    }

    public byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(out.toByteArray());
        whole.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
        return whole.toByteArray();
    }
}
