package io.pataka.service.access.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Generated policies and questions from few names, so that policies often apply to questions. */
final class MadeUp {

    private static final List<String> PROJECTS = List.of("p1", "p2", "p3");
    private static final List<String> USERS = List.of("u1", "u2", "p2");
    private static final List<String> ACTIONS =
            List.of("s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketAcl");
    private static final List<String> ACTION_PATTERNS = List.of(
            "s3:GetObject",
            "s3:PutObject",
            "S3:getobject*",
            "s3:*",
            "*",
            "s3:Get*",
            "s3:?utObject",
            "s3:*Object",
            "s3:ListBucket",
            "s3:*Bucket*");
    private static final List<String> RESOURCES = List.of(
            "arn:aws:s3:::bucket",
            "arn:aws:s3:::bucket/a",
            "arn:aws:s3:::bucket/a/b",
            "arn:aws:s3:::bucket/ann/x",
            "arn:aws:s3:::bucket/*/x",
            "arn:aws:s3:::bucket/abab");
    private static final List<String> RESOURCE_PATTERNS = List.of(
            "arn:aws:s3:::bucket",
            "arn:aws:s3:::bucket/*",
            "arn:aws:s3:::bucket*",
            "arn:aws:s3:::*",
            "*",
            "arn:aws:s3:::bucket/a*",
            "arn:aws:s3:::bucket/?",
            "arn:aws:s3:::bucket/*b",
            "arn:aws:s3:::bucket/*a*b",
            "arn:aws:s3:::bucket/*/*",
            "arn:aws:s3:::b?cket/a?*b",
            "arn:aws:s3:::bucket/${aws:username}/*",
            "arn:aws:s3:::bucket/${aws:username, 'a'}*",
            "arn:aws:s3:::bucket/${*}/x",
            "arn:aws:s3:::*/${aws:username}*");
    private static final List<String> TEXTS =
            List.of("a", "b", "ab", "A", "ann", "a*", "*", "?", "${aws:username}", "${aws:Referer, 'b'}", "${*}", "");
    private static final List<String> PRESENT = List.of("a", "b", "ab", "A", "ann", "*", "");
    private static final List<String> SETS = List.of("", "", "", "ForAllValues:", "ForAnyValue:");

    private final Random random;

    MadeUp(long seed) {
        this.random = new Random(seed);
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** One of them, or a list of some. */
    private Object some(List<?> of) {
        if (random.nextInt(3) == 0) {
            return one(of);
        }
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            list.add(one(of));
        }
        return list;
    }

    Map<String, Object> policy() {
        Map<String, Object> policy = new LinkedHashMap<>();
        if (random.nextInt(10) > 0) {
            policy.put("Version", random.nextInt(8) == 0 ? "2008-10-17" : "2012-10-17");
        }
        List<Object> statements = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            statements.add(statement());
        }
        policy.put("Statement", statements.size() == 1 && random.nextBoolean() ? statements.get(0) : statements);
        return policy;
    }

    private Map<String, Object> statement() {
        Map<String, Object> statement = new LinkedHashMap<>();
        boolean denies = random.nextInt(3) == 0;
        statement.put("Effect", denies ? "Deny" : "Allow");
        statement.put(denies && random.nextInt(4) == 0 ? "NotPrincipal" : "Principal", principal());
        statement.put(random.nextInt(5) == 0 ? "NotAction" : "Action", some(ACTION_PATTERNS));
        statement.put(random.nextInt(6) == 0 ? "NotResource" : "Resource", some(RESOURCE_PATTERNS));
        if (random.nextInt(3) > 0) {
            Map<String, Object> conditions = new LinkedHashMap<>();
            for (int i = random.nextInt(2); i >= 0; i--) {
                addCondition(conditions);
            }
            statement.put("Condition", conditions);
        }
        return statement;
    }

    private Object principal() {
        if (random.nextInt(3) == 0) {
            return "*";
        }
        Map<String, Object> kinds = new LinkedHashMap<>();
        String project = one(PROJECTS);
        kinds.put(
                "AWS",
                some(List.of(
                        project,
                        "arn:aws:iam::" + project + ":root",
                        "arn:aws:iam::" + project + ":user/" + one(USERS),
                        "arn:aws:iam:::user/" + one(USERS),
                        "*")));
        if (random.nextInt(4) == 0) {
            kinds.put("CanonicalUser", some(PROJECTS));
        }
        if (random.nextInt(8) == 0) {
            kinds.put("Service", "logging.s3.amazonaws.com");
        }
        return kinds;
    }

    private void addCondition(Map<String, Object> conditions) {
        String set = one(SETS);
        String ifExists = random.nextInt(4) == 0 ? "IfExists" : "";
        switch (random.nextInt(8)) {
            case 0, 1, 2 ->
                add(
                        conditions,
                        set
                                + one(List.of(
                                        "StringEquals",
                                        "StringNotEquals",
                                        "StringEqualsIgnoreCase",
                                        "StringNotEqualsIgnoreCase",
                                        "StringLike",
                                        "StringNotLike"))
                                + ifExists,
                        one(List.of(
                                "aws:userid", "aws:UserAgent", "aws:username", "keystone:role", "aws:PrincipalTag/a")),
                        some(TEXTS));
            case 3 ->
                add(
                        conditions,
                        set
                                + "Numeric"
                                + one(List.of(
                                        "Equals",
                                        "NotEquals",
                                        "LessThan",
                                        "LessThanEquals",
                                        "GreaterThan",
                                        "GreaterThanEquals"))
                                + ifExists,
                        "s3:signatureAge",
                        some(List.of("1", 2, "10", "-1", "1.5", 1.5)));
            case 4 ->
                add(
                        conditions,
                        set
                                + "Date"
                                + one(List.of(
                                        "Equals",
                                        "NotEquals",
                                        "LessThan",
                                        "LessThanEquals",
                                        "GreaterThan",
                                        "GreaterThanEquals"))
                                + ifExists,
                        "aws:CurrentTime",
                        some(List.of("2026-01-01", "2026-01-01T00:00:00Z", "1767225600", "2026-06-30T12:00:00.5Z")));
            case 5 -> {
                if (random.nextBoolean()) {
                    add(conditions, "Bool" + ifExists, "aws:SecureTransport", some(List.of("true", false, "False")));
                } else {
                    add(
                            conditions,
                            "Null",
                            one(List.of("aws:UserAgent", "aws:SourceIp", "keystone:role")),
                            some(List.of("true", "false", true)));
                }
            }
            case 6 ->
                add(
                        conditions,
                        set + one(List.of("IpAddress", "NotIpAddress")) + ifExists,
                        "aws:SourceIp",
                        some(List.of(
                                "10.0.0.0/8",
                                "10.1.2.3",
                                "10.1.2.0/23",
                                "0.0.0.0/0",
                                "2001:db8::/33",
                                "2001:db8::1",
                                "::/0")));
            default ->
                add(
                        conditions,
                        set + one(List.of("ArnLike", "ArnNotLike", "ArnEquals", "ArnNotEquals")) + ifExists,
                        "aws:SourceArn",
                        some(List.of(
                                "arn:aws:sns:*:*:a*",
                                "arn:aws:sns:r:p1:a",
                                "arn:*:*:*:*:*",
                                "arn:aws:s?s:*:p1:*b",
                                "arn:aws:sns:r:${aws:username}:*")));
        }
    }

    private static void add(Map<String, Object> conditions, String operator, String key, Object values) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put(key, values);
        conditions.put(operator, keys);
    }

    PolicyQuestion question() {
        Map<String, List<String>> context = new HashMap<>();
        maybe(context, "aws:userid", PRESENT);
        maybe(context, "aws:UserAgent", PRESENT);
        maybe(context, "aws:username", List.of("a", "ann", "*", "p1"));
        maybe(context, "aws:Referer", PRESENT);
        maybe(context, "aws:PrincipalTag/a", PRESENT);
        maybe(context, "s3:signatureAge", List.of("1", "2", "10", "1.50", "x", "-7"));
        maybe(
                context,
                "aws:CurrentTime",
                List.of("2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2027-01-01T00:00:00Z"));
        maybe(context, "aws:SecureTransport", List.of("true", "false"));
        maybe(
                context,
                "aws:SourceIp",
                List.of("10.1.2.3", "10.1.3.255", "11.0.0.1", "2001:db8::1", "2001:db8:8000::1"));
        maybe(
                context,
                "aws:SourceArn",
                List.of("arn:aws:sns:r:p1:a", "arn:aws:sns:r:p2:ab", "arn:aws:sns:r:a:b:c", "x"));
        if (random.nextBoolean()) {
            List<String> roles = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                roles.add(one(PRESENT));
            }
            context.put("keystone:role", roles);
        }
        PolicyPrincipal principal = switch (random.nextInt(6)) {
            case 0 -> PolicyPrincipal.ANONYMOUS;
            case 1 -> PolicyPrincipal.ofService("logging.s3.amazonaws.com");
            default -> new PolicyPrincipal(one(PROJECTS), one(USERS));
        };
        return new Asked(principal, one(ACTIONS), one(RESOURCES), context);
    }

    private void maybe(Map<String, List<String>> context, String key, List<String> values) {
        if (random.nextInt(3) > 0) {
            context.put(key, List.of(one(values)));
        }
    }

    /** The text with a few things changed in it. */
    String mutated(String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0 && changed.length() > 1; i--) {
            int at = random.nextInt(changed.length());
            int end = Math.min(changed.length(), at + 1 + random.nextInt(8));
            switch (random.nextInt(6)) {
                case 0 -> changed.deleteCharAt(at);
                case 1 ->
                    changed.insert(
                            at, one(List.of("\"", "{", "}", "[", "]", ",", ":", "*", "${", "\\", "null", "1e999")));
                case 2 -> changed.setCharAt(at, (char) random.nextInt(0x250));
                case 3 -> changed.insert(random.nextInt(changed.length()), changed.substring(at, end));
                case 4 ->
                    changed.replace(at, end, one(List.of("*", "?", "${a", "\uD83D", "\\u0000", "[]", "{}", "true")));
                default -> changed.setLength(at + 1);
            }
        }
        return changed.toString();
    }
}
