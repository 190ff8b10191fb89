package io.pataka.service.access.policy;

import static io.pataka.service.access.policy.Policies.parse;
import static io.pataka.service.access.policy.Policies.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.Owner;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketPolicyTest {

    private static Effect effect(BucketPolicy policy, PolicyQuestion question) {
        return policy.judge(question).effect();
    }

    private static BucketPolicy allowing(String principal) {
        return policy("{'Effect':'Allow','Principal':" + principal
                + ",'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*'}");
    }

    @Test
    void aDenyWinsAtAnyPositionAndNamesItsStatement() {
        BucketPolicy policy = policy("""
            {'Sid':'everyone reads','Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*'},
            {'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'arn:aws:s3:::bucket/secret/*'}\
            """);
        assertThat(policy.judge(Asked.anonymously().on("bucket/open")))
                .isEqualTo(new PolicyJudgement(Effect.ALLOW, Optional.of("everyone reads")));
        assertThat(policy.judge(Asked.anonymously().on("bucket/secret/x")))
                .isEqualTo(new PolicyJudgement(Effect.DENY, Optional.of("statement 2")));
        assertThat(policy.judge(Asked.anonymously().to("s3:PutObject").on("bucket/open")))
                .isEqualTo(PolicyJudgement.SILENT);
    }

    /** As ceph/s3-tests write policies of log buckets; Amazon refuses this. */
    @Test
    void statementsMayHaveEqualNames() {
        BucketPolicy policy = policy("{'Sid':'x','Effect':'Allow','Principal':{'AWS':'p1'},'Action':'s3:GetObject',"
                + "'Resource':'arn:aws:s3:::bucket/*'},{'Sid':'x','Effect':'Allow','Principal':{'AWS':'p2'},"
                + "'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*'}");
        assertThat(effect(policy, Asked.by("p1", "u"))).isEqualTo(Effect.ALLOW);
        assertThat(effect(policy, Asked.by("p2", "u"))).isEqualTo(Effect.ALLOW);
        assertThat(effect(policy, Asked.by("p3", "u"))).isEqualTo(Effect.NONE);
    }

    @Test
    void aPolicyOfOneStatementNeedsNoList() {
        assertThat(effect(
                        parse(
                                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/key'}}"),
                        Asked.anonymously()))
                .isEqualTo(Effect.ALLOW);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "*"                                       | p1 u1 ALLOW | anonymous ALLOW
        {"AWS":"*"}                               | p1 u1 ALLOW | anonymous ALLOW
        {"AWS":["x","*"]}                         | p1 u1 ALLOW | anonymous ALLOW
        {"AWS":"arn:aws:iam::p1:root"}            | p1 u1 ALLOW | p2 u1 NONE
        {"AWS":"p1"}                              | p1 u9 ALLOW | p2 u1 NONE
        {"AWS":["p2","p1"]}                       | p1 u1 ALLOW | p3 u1 NONE
        {"CanonicalUser":"p1"}                    | p1 u1 ALLOW | anonymous NONE
        {"AWS":"arn:aws:iam::p1:user/u1"}         | p1 u1 ALLOW | p1 u2 NONE
        {"AWS":"arn:aws:iam::p1:user/u1"}         | p1 u1 ALLOW | p2 u1 NONE
        {"AWS":"arn:aws:iam:::user/p1"}           | p1 u1 ALLOW | p2 u1 NONE
        {"AWS":"arn:aws:iam:::user/u1"}           | p1 u1 ALLOW | p1 u2 NONE
        {"AWS":"arn:aws:iam:::user/u1"}           | p2 u1 ALLOW | anonymous NONE
        {"CanonicalUser":"p3","AWS":"p1"}         | p1 u1 ALLOW | p2 u1 NONE
        {"Service":"logging.s3.amazonaws.com","AWS":"p1"} | p1 u1 ALLOW | anonymous NONE
        """)
    void principalsAreProjectsAndTheirUsers(String principal, String first, String second) {
        for (String line : new String[] {first, second}) {
            String[] words = line.split(" ");
            Asked asked = words.length == 2 ? Asked.anonymously() : Asked.by(words[0], words[1]);
            assertThat(effect(allowing(principal), asked).name()).as(line).isEqualTo(words[words.length - 1]);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"AWS":"arn:aws:iam::p1:root"}    | p1 u1 NONE | p2 u1 DENY
        {"AWS":"arn:aws:iam::p1:user/u1"} | p1 u1 NONE | p1 u2 DENY
        {"AWS":"arn:aws:iam::p1:root"}    | p1 u1 NONE | anonymous DENY
        {"Service":"a.example.com"}       | p1 u1 DENY | anonymous DENY
        "*"                               | p1 u1 NONE | anonymous NONE
        """)
    void aDenyWithNotPrincipalDoesNotApplyToThoseItNames(String principal, String first, String second) {
        BucketPolicy policy = policy("{'Effect':'Deny','NotPrincipal':" + principal
                + ",'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*'}");
        for (String line : new String[] {first, second}) {
            String[] words = line.split(" ");
            Asked asked = words.length == 2 ? Asked.anonymously() : Asked.by(words[0], words[1]);
            assertThat(effect(policy, asked).name()).as(line).isEqualTo(words[words.length - 1]);
        }
    }

    /** As ceph/s3-tests want it of the service that writes logs (test_put_bucket_logging_permissions). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Allow | {"Service":"logging.s3.amazonaws.com"}                    | ALLOW
        Allow | {"Service":["x.amazonaws.com","logging.s3.amazonaws.com"]} | ALLOW
        Allow | {"Service":"logging.s3.amazonaws.comkaboom"}              | NONE
        Allow | {"AWS":"*"}                                               | NONE
        Allow | "*"                                                       | NONE
        Allow | {"AWS":"logging.s3.amazonaws.com"}                        | NONE
        Deny  | {"Service":"logging.s3.amazonaws.com"}                    | DENY
        Deny  | "*"                                                       | DENY
        Deny  | {"AWS":"*"}                                               | DENY
        Deny  | {"AWS":"p1"}                                              | NONE
        """)
    void aServiceIsAllowedOnlyByItsName(String statement, String principal, String expected) {
        BucketPolicy policy = policy("{'Effect':'" + statement + "','Principal':" + principal
                + ",'Action':'s3:PutObject','Resource':'arn:aws:s3:::bucket/log/*'}");
        assertThat(effect(policy, put("source", "log/x")).name()).isEqualTo(expected);
        assertThat(effect(policy, put("source", "other/x"))).isEqualTo(Effect.NONE);
    }

    @Test
    void aDenyWithNotPrincipalSparesTheServiceThatItNames() {
        String rest = "'Action':'s3:PutObject','Resource':'arn:aws:s3:::bucket/*'}";
        assertThat(effect(
                        policy("{'Effect':'Deny','NotPrincipal':{'Service':'logging.s3.amazonaws.com'}," + rest),
                        put("source", "log/x")))
                .isEqualTo(Effect.NONE);
        assertThat(effect(policy("{'Effect':'Deny','NotPrincipal':{'AWS':'p1'}," + rest), put("source", "log/x")))
                .isEqualTo(Effect.DENY);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        'ArnLike':{'aws:SourceArn':'arn:aws:s3:::source'}          | source | ALLOW
        'ArnLike':{'aws:SourceArn':'arn:aws:s3:::source'}          | kaboom | NONE
        'ArnLike':{'aws:SourceArn':'arn:aws:s3:::*'}               | kaboom | ALLOW
        'ArnEquals':{'aws:SourceArn':'arn:aws:s3:::source'}        | source | ALLOW
        'StringEquals':{'aws:SourceAccount':'project'}             | source | ALLOW
        'StringEquals':{'aws:SourceAccount':'kaboom'}              | source | NONE
        'StringLike':{'aws:SourceAccount':'*'}                     | source | ALLOW
        'StringEquals':{'s3:x-amz-acl':'bucket-owner-full-control'} | source | ALLOW
        'Bool':{'aws:PrincipalIsAWSService':'true'}                | source | ALLOW
        'Bool':{'aws:SecureTransport':'false'}                     | source | NONE
        'StringEquals':{'aws:ResourceAccount':'owner'}             | source | ALLOW
        'IpAddress':{'aws:SourceIp':'0.0.0.0/0'}                   | source | NONE
        """)
    void aPolicyKnowsForWhomAServiceActs(String condition, String source, String expected) {
        BucketPolicy policy = policy("{'Effect':'Allow','Principal':{'Service':'logging.s3.amazonaws.com'},"
                + "'Action':'s3:PutObject','Resource':'arn:aws:s3:::bucket/*','Condition':{" + condition + "}}");
        assertThat(effect(policy, put(source, "x")).name()).isEqualTo(expected);
    }

    private static ServiceQuestion put(String source, String key) {
        return ServiceQuestion.putObject(
                "logging.s3.amazonaws.com", bucket(source, "project"), bucket("bucket", "owner"), key, Instant.EPOCH);
    }

    private static Bucket bucket(String name, String owner) {
        return new Bucket(
                1,
                new BucketName(name),
                new Owner(owner, owner),
                Instant.EPOCH,
                Bucket.Versioning.OFF,
                false,
                Optional.empty(),
                false,
                0);
    }

    @ParameterizedTest
    @CsvSource({
        "s3:GetObject, s3:GetObject, ALLOW",
        "s3:getobject, s3:GetObject, ALLOW",
        "S3:GETOBJECT, s3:GetObject, ALLOW",
        "s3:Get*, s3:GetObjectVersion, ALLOW",
        "s3:Get*, s3:PutObject, NONE",
        "s3:?etObject, s3:GetObject, ALLOW",
        "s3:?etObject, s3:GetObjectAcl, NONE",
        "s3:*Object*, s3:PutObjectAcl, ALLOW",
        "s3:*, s3:AbortMultipartUpload, ALLOW",
        "*, s3:RestoreObject, ALLOW",
        "s3:*, s3:SomethingThatIsNotInTheTable, ALLOW",
        "s3:Get*, s3:SomethingThatIsNotInTheTable, NONE",
        "s3:GetObject, s3:GetObjectVersion, NONE",
    })
    void actionsAreMatchedWithWildcardsAndWithoutCase(String pattern, String action, String effect) {
        BucketPolicy policy = policy(
                "{'Effect':'Allow','Principal':'*','Action':'" + pattern + "','Resource':'arn:aws:s3:::bucket/*'}");
        assertThat(effect(policy, Asked.anonymously().to(action)).name()).isEqualTo(effect);
    }

    @Test
    void notActionMeansEveryOther() {
        BucketPolicy policy = policy("{'Effect':'Deny','Principal':'*','NotAction':['s3:Get*','s3:ListBucket'],"
                + "'Resource':['arn:aws:s3:::bucket','arn:aws:s3:::bucket/*']}");
        assertThat(effect(policy, Asked.anonymously())).isEqualTo(Effect.NONE);
        assertThat(effect(policy, Asked.anonymously().to("s3:ListBucket").on("bucket")))
                .isEqualTo(Effect.NONE);
        assertThat(effect(policy, Asked.anonymously().to("s3:PutObject"))).isEqualTo(Effect.DENY);
        assertThat(effect(policy, Asked.anonymously().to("s3:NotInTheTable"))).isEqualTo(Effect.DENY);
    }

    @ParameterizedTest
    @CsvSource({
        "arn:aws:s3:::bucket/*, bucket/key, ALLOW",
        "arn:aws:s3:::bucket/*, bucket/a/b/c, ALLOW",
        "arn:aws:s3:::bucket/*, bucket, NONE",
        "arn:aws:s3:::bucket, bucket, ALLOW",
        "arn:aws:s3:::bucket, bucket/key, NONE",
        "arn:aws:s3:::bucket*, bucket/key, ALLOW",
        "arn:aws:s3:::bucket*, bucket, ALLOW",
        "arn:aws:s3:::*, bucket/key, ALLOW",
        "arn:aws:s3:::*/*, bucket/key, ALLOW",
        "arn:aws:s3:::*/*, bucket, NONE",
        "*, bucket, ALLOW",
        "arn:aws:s3:::b?cket/k?y, bucket/key, ALLOW",
        "arn:aws:s3:::bucket/K*, bucket/key, NONE",
        "arn:aws:s3:::bucket/*.jpg, bucket/a/b.jpg, ALLOW",
        "arn:aws:s3:::bucket/*.jpg, bucket/a/b.jpg.exe, NONE",
        "arn:aws:s3:::bucket/a/*/c, bucket/a/b/b/c, ALLOW",
        "arn:aws:s3:::bucket/a*a, bucket/a, NONE",
        "arn:aws:s3:::bucket/a*a, bucket/aa, ALLOW",
        "arn:aws:s3:::bucket/ä?ö, bucket/äßö, ALLOW",
    })
    void resourcesAreMatchedWithWildcards(String pattern, String asked, String effect) {
        BucketPolicy policy = policy("{'Effect':'Allow','Principal':'*','Action':'s3:*','Resource':'" + pattern + "'}");
        assertThat(effect(policy, Asked.anonymously().on(asked)).name()).isEqualTo(effect);
    }

    @Test
    void notResourceMeansEveryOther() {
        BucketPolicy policy = policy(
                "{'Effect':'Deny','Principal':'*','Action':'s3:GetObject','NotResource':'arn:aws:s3:::bucket/open/*'}");
        assertThat(effect(policy, Asked.anonymously().on("bucket/open/a"))).isEqualTo(Effect.NONE);
        assertThat(effect(policy, Asked.anonymously().on("bucket/else"))).isEqualTo(Effect.DENY);
    }

    @Test
    void aPolicyNamesTheKeysItNeeds() {
        BucketPolicy policy = policy("""
            {'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/${keystone:project}/*',
             'Condition':{'StringEquals':{'S3:existingobjecttag/Security':'${aws:username}'}}}\
            """);
        assertThat(policy.asks("s3:ExistingObjectTag/")).isTrue();
        assertThat(policy.asks("s3:ExistingObjectTag/Security")).isTrue();
        assertThat(policy.asks("aws:username")).isTrue();
        assertThat(policy.asks("keystone:")).isTrue();
        assertThat(policy.asks("aws:SourceIp")).isFalse();
    }
}
