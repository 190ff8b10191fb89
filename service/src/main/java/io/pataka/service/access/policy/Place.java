package io.pataka.service.access.policy;

import java.util.Objects;

/** Where in a policy something stands, for pointing at a fault. */
record Place(String text) {

    private static final int SHOWN = 200;

    static final Place DOCUMENT = new Place("");

    Place {
        Objects.requireNonNull(text);
    }

    Place in(String inner) {
        return new Place(text.isEmpty() ? inner : text + ", " + inner);
    }

    /**
     * @param message AWS's, where AWS has one
     * @param what stands there
     */
    MalformedPolicyException malformed(String message, String what) {
        String shown = what.length() > SHOWN ? what.substring(0, SHOWN) + "…" : what;
        return new MalformedPolicyException(message, text.isEmpty() ? shown : text + ": " + shown);
    }
}
