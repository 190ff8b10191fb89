package io.pataka.service.access.policy;

import static io.pataka.service.access.policy.Policies.readableIf;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.policy.PolicyJudgement.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions as AWS's pages on operators, on keys with several values, and on variables describe them. */
class ConditionTest {

    private static boolean holds(String condition, Asked asked) {
        return readableIf(condition).judge(asked).effect() == Effect.ALLOW;
    }

    /** The request's values are separated by slashes; none means that the key is absent. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        StringEquals              | keystone:role | ["a"]            | a         | true
        StringEquals              | keystone:role | ["a","b"]        | b         | true
        StringEquals              | keystone:role | ["a"]            | A         | false
        StringEquals              | keystone:role | ["a*"]           | ab        | false
        StringEquals              | keystone:role | ["a"]            |           | false
        StringNotEquals           | keystone:role | ["a"]            |           | true
        StringNotEquals           | keystone:role | ["a","b"]        | c         | true
        StringNotEquals           | keystone:role | ["a","b"]        | b         | false
        StringNotEquals           | keystone:role | ["a"]            | a/b       | false
        StringEqualsIgnoreCase    | keystone:role | ["Ä"]            | ä         | true
        StringNotEqualsIgnoreCase | keystone:role | ["a"]            | A         | false
        StringLike                | keystone:role | ["a*c?"]         | abbcd     | true
        StringLike                | keystone:role | ["a?"]           | a         | false
        StringLike                | keystone:role | ["A*"]           | ab        | false
        StringNotLike             | keystone:role | ["a*"]           | b         | true
        StringEqualsIfExists      | keystone:role | ["a"]            |           | true
        StringEqualsIfExists      | keystone:role | ["a"]            | b         | false
        ForAllValues:StringEquals | keystone:role | ["a","b"]        | a/b       | true
        ForAllValues:StringEquals | keystone:role | ["a","b"]        | a/c       | false
        ForAllValues:StringEquals | keystone:role | ["a","b"]        |           | true
        ForAllValues:StringNotEquals | keystone:role | ["a","b"]     | c/d       | true
        ForAllValues:StringNotEquals | keystone:role | ["a","b"]     | c/a       | false
        ForAnyValue:StringEquals  | keystone:role | ["a","b"]        | c/b       | true
        ForAnyValue:StringEquals  | keystone:role | ["a","b"]        | c/d       | false
        ForAnyValue:StringEquals  | keystone:role | ["a","b"]        |           | false
        ForAnyValue:StringNotEquals | keystone:role | ["a","b"]      | a/c       | true
        ForAnyValue:StringNotEquals | keystone:role | ["a","b"]      | a/b       | false
        ForAnyValue:StringNotEquals | keystone:role | ["a"]          |           | false
        Null                      | aws:Referer   | ["true"]         |           | true
        Null                      | aws:Referer   | [true]           | x         | false
        Null                      | aws:Referer   | ["false"]        | x         | true
        NumericEquals             | s3:signatureAge | [10]           | 10.0      | true
        NumericNotEquals          | s3:signatureAge | ["10"]         | 11        | true
        NumericLessThan           | s3:signatureAge | ["10"]         | 9         | true
        NumericLessThan           | s3:signatureAge | ["10"]         | 10        | false
        NumericLessThanEquals     | s3:signatureAge | ["10"]         | 10        | true
        NumericGreaterThan        | s3:signatureAge | ["600000"]     | 600001    | true
        NumericGreaterThan        | s3:signatureAge | ["9"]          | 10        | true
        NumericGreaterThanEquals  | s3:signatureAge | ["9"]          | 9         | true
        NumericLessThan           | s3:TlsVersion | ["1.3"]          | 1.2       | true
        NumericEquals             | s3:signatureAge | ["10"]         | ten       | false
        NumericNotEquals          | s3:signatureAge | ["10"]         | ten       | true
        NumericNotEquals          | s3:signatureAge | ["10"]         |           | true
        DateEquals                | aws:CurrentTime | ["2026-11-23T00:00:00Z"] | 2026-11-23T00:00:00Z | true
        DateEquals                | aws:CurrentTime | ["2026-11-23"]         | 2026-11-23T00:00:00Z | true
        DateEquals                | aws:CurrentTime | ["2026-11-23T02:00:00+02:00"] | 2026-11-23T00:00:00Z | true
        DateEquals                | aws:CurrentTime | ["2026-11-23T00:00Z"]  | 2026-11-23T00:00:00Z | true
        DateEquals                | aws:CurrentTime | ["1795392000"]         | 2026-11-23T00:00:00Z | true
        DateEquals                | aws:CurrentTime | ["2026"]               | 2026-01-01T00:00:00Z | true
        DateEquals                | aws:CurrentTime | ["2026-11"]            | 2026-11-01T00:00:00Z | true
        DateNotEquals             | aws:CurrentTime | ["2026-11-23"]         | 2026-11-24T00:00:00Z | true
        DateLessThan              | aws:CurrentTime | ["2026-11-23"]         | 2026-11-22T23:59:59Z | true
        DateLessThanEquals        | aws:CurrentTime | ["2026-11-23"]         | 2026-11-23T00:00:00.5Z | false
        DateGreaterThan           | aws:EpochTime   | ["2026-11-23"]         | 1795392001 | true
        DateGreaterThanEquals     | aws:EpochTime   | [1795392000]           | 1795392000 | true
        Bool                      | aws:SecureTransport | ["false"]          | false     | true
        Bool                      | aws:SecureTransport | [true]             | false     | false
        Bool                      | aws:SecureTransport | ["true"]           |           | false
        BinaryEquals              | aws:userid    | ["QmluYXJ5"]     | QmluYXJ5  | true
        BinaryEquals              | aws:userid    | ["QmluYXJ5"]     | qmluYXJ5  | false
        IpAddress                 | aws:SourceIp  | ["203.0.113.0/24"] | 203.0.113.255 | true
        IpAddress                 | aws:SourceIp  | ["203.0.113.0/24"] | 203.0.114.0 | false
        IpAddress                 | aws:SourceIp  | ["203.0.113.7"]  | 203.0.113.7 | true
        IpAddress                 | aws:SourceIp  | ["203.0.113.77/24"] | 203.0.113.7 | true
        IpAddress                 | aws:SourceIp  | ["0.0.0.0/0"]    | 2001:db8::1 | false
        IpAddress                 | aws:SourceIp  | ["2001:db8:1234:5678::/64"] | 2001:db8:1234:5678:9::1 | true
        IpAddress                 | aws:SourceIp  | ["2001:db8:1234:5678::/64"] | 2001:db8:1234:5679::1 | false
        IpAddress                 | aws:SourceIp  | ["::1"]          | [0:0:0:0:0:0:0:1] | true
        IpAddress                 | aws:SourceIp  | ["192.0.2.0/24"] | ::ffff:192.0.2.9 | true
        IpAddress                 | aws:SourceIp  | ["fe80::/10"]    | fe80::1%eth0 | true
        NotIpAddress              | aws:SourceIp  | ["203.0.113.0/24"] | 203.0.114.0 | true
        NotIpAddress              | aws:SourceIp  | ["203.0.113.0/24"] | 203.0.113.9 | false
        NotIpAddress              | aws:SourceIp  | ["203.0.113.0/24"] |         | true
        ArnEquals                 | aws:SourceArn | ["arn:aws:sns:*:123:*"] | arn:aws:sns:east:123:topic | true
        ArnLike                   | aws:SourceArn | ["arn:aws:sns:*:123:*"] | arn:aws:sns:east:1234:topic | false
        ArnLike                   | aws:SourceArn | ["arn:*:topic:*:*:*"] | arn:aws:sns:east:123:topic | false
        ArnLike                   | aws:SourceArn | ["arn:aws:sns:*:*:a*"] | arn:aws:sns:east:123:a:b | true
        ArnNotLike                | aws:SourceArn | ["arn:aws:sns:*:123:*"] | arn:aws:sns:east:124:topic | true
        ArnNotEquals              | aws:SourceArn | ["arn:aws:sns:*:123:*"] |       | true
        """)
    void operators(String operator, String key, String wanted, String values, boolean holds) {
        Asked asked = Asked.anonymously();
        if (values != null) {
            asked = asked.with(key, values.startsWith("arn") ? new String[] {values} : values.split("/", -1));
        }
        assertThat(holds("{'" + operator + "':{'" + key + "':" + wanted + "}}", asked))
                .isEqualTo(holds);
    }

    @Test
    void everyOperatorAndEveryKeyMustHold() {
        String condition =
                "{'StringEquals':{'aws:userid':'a','aws:UserAgent':'b'},'Bool':{'aws:SecureTransport':'true'}}";
        Asked all = Asked.anonymously()
                .with("aws:userid", "a")
                .with("aws:UserAgent", "b")
                .with("aws:SecureTransport", "true");
        assertThat(holds(condition, all)).isTrue();
        assertThat(holds(condition, all.with("aws:userid", "x"))).isFalse();
        assertThat(holds(condition, all.with("aws:UserAgent", "x"))).isFalse();
        assertThat(holds(condition, all.with("aws:SecureTransport", "false"))).isFalse();
    }

    @Test
    void keysAreReadWithoutCaseButForTheNameOfATag() {
        assertThat(holds(
                        "{'StringEquals':{'AWS:USERID':'a'}}",
                        Asked.anonymously().with("aws:userid", "a")))
                .isTrue();
        Asked tagged = Asked.anonymously().with("s3:ExistingObjectTag/Colour", "red");
        assertThat(holds("{'StringEquals':{'S3:existingobjecttag/Colour':'red'}}", tagged))
                .isTrue();
        assertThat(holds("{'StringEquals':{'s3:ExistingObjectTag/colour':'red'}}", tagged))
                .isFalse();
    }

    @Test
    void aCopySourceMeansTheSameWithASlashInFrontAndWithout() {
        Asked copy = Asked.anonymously().to("s3:PutObject").with("s3:x-amz-copy-source", "photos/public/a");
        assertThat(holds("{'StringLike':{'s3:x-amz-copy-source':'photos/public/*'}}", copy))
                .isTrue();
        assertThat(holds("{'StringLike':{'s3:x-amz-copy-source':'/photos/public/*'}}", copy))
                .isTrue();
        assertThat(holds("{'StringNotLike':{'s3:x-amz-copy-source':'/photos/public/*'}}", copy))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        home/${aws:username}/*          | bucket/home/ann/x  | true
        home/${aws:username}/*          | bucket/home/bob/x  | false
        home/${AWS:UserName}/*          | bucket/home/ann/x  | true
        ${keystone:project}-${aws:username}  | bucket/p1-ann | true
        ${aws:Referer, 'shared'}/x      | bucket/shared/x    | true
        ${aws:username,'shared'}/x      | bucket/ann/x       | true
        ${aws:username,'shared'}/x      | bucket/shared/x    | false
        ${aws:Referer, 'a}b'}/x         | bucket/a}b/x       | true
        ${aws:Referer}/*                | bucket//x          | false
        ${aws:Referer}*                 | bucket/x           | false
        ${*}                            | bucket/*           | true
        ${*}                            | bucket/x           | false
        a${?}b                          | bucket/a?b         | true
        a${?}b                          | bucket/axb         | false
        ${$}{aws:username}              | bucket/${aws:username} | true
        ${aws:userid}                   | bucket/x*y         | true
        ${aws:userid}                   | bucket/xzzy        | false
        """)
    void variablesInResources(String key, String asked, boolean matches) {
        BucketPolicy policy = Policies.policy("{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':"
                + "'arn:aws:s3:::bucket/" + key.replace("'", "\\u0027") + "'}");
        Asked ann = Asked.by("p1", "u1")
                .on(asked)
                .with("aws:username", "ann")
                .with("keystone:project", "p1")
                .with("aws:userid", "x*y");
        assertThat(policy.judge(ann).effect() == Effect.ALLOW).isEqualTo(matches);
    }

    @Test
    void variablesInConditionsStandForTextAndNeverForAPattern() {
        String condition = "{'StringLike':{'s3:prefix':'${aws:username}/*'}}";
        Asked listing = Asked.by("p1", "u1").to("s3:ListBucket").with("aws:username", "a*");
        assertThat(holds(condition, listing.with("s3:prefix", "a*/x"))).isTrue();
        assertThat(holds(condition, listing.with("s3:prefix", "abc/x"))).isFalse();
        assertThat(holds("{'StringEqualsIgnoreCase':{'s3:prefix':'${aws:username}'}}", listing.with("s3:prefix", "A*")))
                .isTrue();
        assertThat(holds(
                        "{'ArnLike':{'aws:SourceArn':'arn:aws:sns:${aws:username}:*:x'}}",
                        listing.with("aws:SourceArn", "arn:aws:sns:a*:1:x")))
                .isTrue();
        assertThat(holds(
                        "{'ArnLike':{'aws:SourceArn':'arn:aws:sns:${aws:username}:*:x'}}",
                        listing.with("aws:SourceArn", "arn:aws:sns:ab:1:x")))
                .isFalse();
    }

    @Test
    void withoutTheNewerVersionAVariableIsPlainText() {
        BucketPolicy policy = Policies.parse("""
            {'Statement':{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/${aws:username}'}}\
            """);
        Asked ann = Asked.by("p1", "u1").with("aws:username", "ann");
        assertThat(policy.judge(ann.on("bucket/ann")).effect()).isEqualTo(Effect.NONE);
        assertThat(policy.judge(ann.on("bucket/${aws:username}")).effect()).isEqualTo(Effect.ALLOW);
    }
}
