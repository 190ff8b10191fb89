package io.pataka.service.access.policy;

import io.pataka.service.access.policy.PolicyJudgement.Effect;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A slow evaluator: it goes through the document, as maps and lists, for each question, and uses regular expressions for
 * wildcards. It is written from AWS's pages on evaluation logic, condition operators and variables, and shares no code with
 * {@link BucketPolicy}. It takes only well-formed policies.
 */
final class ReferenceEvaluator {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^},]+)(?:,\\s*'([^']*)')?\\}");

    private final Map<String, Object> policy;
    private final PolicyQuestion question;
    private final boolean variables;

    ReferenceEvaluator(Map<String, Object> policy, PolicyQuestion question) {
        this.policy = policy;
        this.question = question;
        this.variables = "2012-10-17".equals(policy.get("Version"));
    }

    Effect judge() {
        boolean allowed = false;
        for (Object statement : list(policy.get("Statement"))) {
            Map<String, Object> fields = map(statement);
            if (!applies(fields)) {
                continue;
            }
            if (fields.get("Effect").equals("Deny")) {
                return Effect.DENY;
            }
            allowed = true;
        }
        return allowed ? Effect.ALLOW : Effect.NONE;
    }

    private boolean applies(Map<String, Object> statement) {
        return principalApplies(statement)
                && actionApplies(statement)
                && resourceApplies(statement)
                && conditionsHold(map(statement.getOrDefault("Condition", Map.of())));
    }

    private boolean principalApplies(Map<String, Object> statement) {
        boolean denied = statement.get("Effect").equals("Deny");
        if (statement.containsKey("Principal")) {
            return isNamed(statement.get("Principal"), denied);
        }
        return !isNamed(statement.get("NotPrincipal"), denied);
    }

    private boolean isNamed(Object principal, boolean denied) {
        String service = question.principal().service();
        boolean everyone = service.isEmpty() || denied;
        if (principal.equals("*")) {
            return everyone;
        }
        String project = question.principal().project();
        String user = question.principal().user();
        for (Map.Entry<String, Object> kind : map(principal).entrySet()) {
            for (Object name : list(kind.getValue())) {
                if (everyone && kind.getKey().equals("AWS") && name.equals("*")) {
                    return true;
                }
                if (!service.isEmpty() && kind.getKey().equals("Service") && name.equals(service)) {
                    return true;
                }
                if (project.isEmpty()
                        || (!kind.getKey().equals("AWS") && !kind.getKey().equals("CanonicalUser"))) {
                    continue;
                }
                if (List.of(
                                project,
                                "arn:aws:iam::" + project + ":root",
                                "arn:aws:iam::" + project + ":user/" + user,
                                "arn:aws:iam:::user/" + project,
                                "arn:aws:iam:::user/" + user)
                        .contains(name)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean actionApplies(Map<String, Object> statement) {
        boolean negated = statement.containsKey("NotAction");
        boolean found = false;
        for (Object pattern : list(statement.get(negated ? "NotAction" : "Action"))) {
            found |= Pattern.matches(
                    wildcards(pattern.toString().toLowerCase(Locale.ROOT)),
                    question.action().toLowerCase(Locale.ROOT));
        }
        return found != negated;
    }

    private boolean resourceApplies(Map<String, Object> statement) {
        boolean negated = statement.containsKey("NotResource");
        boolean found = false;
        for (Object pattern : list(statement.get(negated ? "NotResource" : "Resource"))) {
            found |= textMatches(pattern.toString(), question.resource(), true, false);
        }
        return found != negated;
    }

    private boolean conditionsHold(Map<String, Object> block) {
        for (Map.Entry<String, Object> operator : block.entrySet()) {
            for (Map.Entry<String, Object> key : map(operator.getValue()).entrySet()) {
                if (!holds(operator.getKey(), key.getKey(), list(key.getValue()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean holds(String written, String key, List<Object> wanted) {
        List<String> present = question.values(key);
        if (written.equals("Null")) {
            return wanted.stream()
                    .anyMatch(value -> value.toString().equalsIgnoreCase(present.isEmpty() ? "true" : "false"));
        }
        boolean forAll = written.startsWith("ForAllValues:");
        boolean forAny = written.startsWith("ForAnyValue:");
        String operator = written.replaceFirst("^For(All|Any)Values?:", "");
        if (operator.endsWith("IfExists")) {
            operator = operator.substring(0, operator.length() - 8);
            if (present.isEmpty()) {
                return true;
            }
        }
        boolean negated = operator.contains("Not");
        String comparison = operator.replace("Not", "");
        if (forAll) {
            return present.stream().allMatch(value -> isOneOf(comparison, value, wanted) != negated);
        }
        if (forAny) {
            return present.stream().anyMatch(value -> isOneOf(comparison, value, wanted) != negated);
        }
        return present.stream().anyMatch(value -> isOneOf(comparison, value, wanted)) != negated;
    }

    private boolean isOneOf(String comparison, String value, List<Object> wanted) {
        return wanted.stream().anyMatch(one -> compare(comparison, value, one.toString()));
    }

    private boolean compare(String comparison, String value, String wanted) {
        if (comparison.startsWith("Numeric")) {
            return value.matches("[+-]?[0-9]+(\\.[0-9]+)?")
                    && inOrder(
                            comparison.substring("Numeric".length()),
                            new BigDecimal(value).compareTo(new BigDecimal(wanted)));
        }
        if (comparison.startsWith("Date")) {
            Instant time = time(value);
            return time != null && inOrder(comparison.substring("Date".length()), time.compareTo(time(wanted)));
        }
        return switch (comparison) {
            case "StringEquals" -> textMatches(wanted, value, false, false);
            case "StringEqualsIgnoreCase" -> textMatches(wanted, value, false, true);
            case "StringLike" -> textMatches(wanted, value, true, false);
            case "Bool" -> value.equalsIgnoreCase(wanted);
            case "BinaryEquals" -> value.equals(wanted);
            case "IpAddress" -> isIn(value, wanted);
            case "ArnEquals", "ArnLike" -> arnMatches(value, wanted);
            default -> throw new IllegalArgumentException(comparison);
        };
    }

    private static boolean inOrder(String operator, int order) {
        return switch (operator) {
            case "Equals" -> order == 0;
            case "LessThan" -> order < 0;
            case "LessThanEquals" -> order <= 0;
            case "GreaterThan" -> order > 0;
            case "GreaterThanEquals" -> order >= 0;
            default -> throw new IllegalArgumentException(operator);
        };
    }

    private static Instant time(String text) {
        if (text.matches("[0-9]{5,}")) {
            return Instant.ofEpochSecond(Long.parseLong(text));
        }
        if (text.matches("[0-9-]{10}")) {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        return text.contains("T") ? Instant.parse(text) : null;
    }

    private static boolean isIn(String address, String block) {
        try {
            int slash = block.indexOf('/');
            byte[] base = InetAddress.getByName(slash < 0 ? block : block.substring(0, slash))
                    .getAddress();
            byte[] asked = InetAddress.getByName(address).getAddress();
            int prefix = slash < 0 ? base.length * 8 : Integer.parseInt(block.substring(slash + 1));
            int shift = base.length * 8 - prefix;
            return base.length == asked.length
                    && new BigInteger(1, base).shiftRight(shift).equals(new BigInteger(1, asked).shiftRight(shift));
        } catch (UnknownHostException notAnAddress) {
            throw new AssertionError(notAnAddress);
        }
    }

    private boolean arnMatches(String value, String wanted) {
        String[] asked = value.split(":", 6);
        // A colon between braces belongs to a variable's name.
        String[] parts = wanted.split(variables ? ":(?![^{]*\\})" : ":", 6);
        for (int i = 0; i < 6; i++) {
            if (asked.length != 6 || !textMatches(parts[i], asked[i], true, false)) {
                return false;
            }
        }
        return true;
    }

    /** With variables replaced by values of the request, in which wildcards have no meaning. */
    private boolean textMatches(String pattern, String text, boolean wildcards, boolean ignoreCase) {
        StringBuilder regex = new StringBuilder();
        int from = 0;
        Matcher variable = VARIABLE.matcher(pattern);
        while (variables && variable.find()) {
            regex.append(plain(pattern.substring(from, variable.start()), wildcards));
            String name = variable.group(1);
            if (List.of("*", "?", "$").contains(name)) {
                regex.append(Pattern.quote(name));
            } else if (!question.values(name).isEmpty()) {
                regex.append(Pattern.quote(question.values(name).get(0)));
            } else if (variable.group(2) != null) {
                regex.append(Pattern.quote(variable.group(2)));
            } else {
                return false;
            }
            from = variable.end();
        }
        regex.append(plain(pattern.substring(from), wildcards));
        int flags = Pattern.DOTALL | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
        return Pattern.compile(regex.toString(), flags).matcher(text).matches();
    }

    private static String plain(String text, boolean wildcards) {
        return wildcards ? wildcards(text) : Pattern.quote(text);
    }

    private static String wildcards(String text) {
        StringBuilder regex = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(c)));
            }
        });
        return regex.toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object node) {
        return (Map<String, Object>) node;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object node) {
        return node instanceof List ? (List<Object>) node : List.of(node);
    }
}
