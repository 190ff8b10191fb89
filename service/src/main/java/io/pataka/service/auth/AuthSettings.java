package io.pataka.service.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.validation.constraints.NotEmpty;

/** How requests are authenticated. */
public final class AuthSettings {

    @NotEmpty
    @JsonProperty
    private String region = "us-east-1";

    @JsonProperty
    private boolean strictRegion;

    @JsonProperty
    private boolean signatureVersion2 = true;

    /** The region of this service. */
    public String region() {
        return region;
    }

    /** Whether a credential scope may name {@link #region()} and {@code us-east-1} only, as with AWS; otherwise any. */
    public boolean strictRegion() {
        return strictRegion;
    }

    /** Whether Signature Version 2 is accepted. */
    public boolean signatureVersion2() {
        return signatureVersion2;
    }
}
