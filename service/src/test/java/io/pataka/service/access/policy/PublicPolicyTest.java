package io.pataka.service.access.policy;

import static io.pataka.service.access.policy.Policies.policy;
import static io.pataka.service.access.policy.Policies.readableIf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A policy is public, as AWS defines it, if an Allow is not restricted to certain callers by fixed values. */
class PublicPolicyTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        "*"                                       | true
        {"AWS":"*"}                               | true
        {"AWS":["p1","*"]}                        | true
        {"AWS":"p1"}                              | false
        {"AWS":"arn:aws:iam::s3tenant1:root"}     | false
        {"AWS":"arn:aws:iam:::user/u1"}           | false
        {"CanonicalUser":"p1"}                    | false
        {"Service":"logging.s3.amazonaws.com"}    | false
        """)
    void principals(String principal, boolean isPublic) {
        assertThat(policy("{'Effect':'Allow','Principal':" + principal
                                + ",'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*'}")
                        .isPublic())
                .isEqualTo(isPublic);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"IpAddress":{"aws:SourceIp":"10.0.0.0/32"}}                 | false
        {"IpAddress":{"aws:SourceIp":"8.0.0.0/8"}}                   | false
        {"IpAddress":{"aws:SourceIp":["10.0.0.1","8.0.0.0/7"]}}      | true
        {"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}                   | true
        {"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}               | false
        {"IpAddress":{"aws:SourceIp":"2000::/3"}}                    | true
        {"NotIpAddress":{"aws:SourceIp":"10.0.0.0/32"}}              | true
        {"IpAddressIfExists":{"aws:SourceIp":"10.0.0.0/32"}}         | true
        {"ForAllValues:IpAddress":{"aws:SourceIp":"10.0.0.0/32"}}    | true
        {"StringEquals":{"keystone:project":"p1"}}                   | false
        {"StringEquals":{"keystone:project":["p1","p2"]}}            | false
        {"StringLike":{"keystone:project":"p1"}}                     | false
        {"StringLike":{"keystone:project":"p*"}}                     | true
        {"StringEquals":{"keystone:project":"${aws:Referer}"}}       | true
        {"StringNotEquals":{"keystone:project":"p1"}}                | true
        {"StringEqualsIfExists":{"keystone:project":"p1"}}           | true
        {"StringEquals":{"keystone:domain":"d1"}}                    | false
        {"StringEquals":{"keystone:userid":"u1"}}                    | false
        {"StringEquals":{"keystone:role":"member"}}                  | true
        {"StringEquals":{"aws:username":"ann"}}                      | true
        {"StringEquals":{"aws:userid":"u1"}}                         | false
        {"StringEquals":{"aws:userid":"anonymous"}}                  | true
        {"StringEquals":{"aws:PrincipalAccount":["p1","Anonymous"]}} | true
        {"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::p1:user/u1"}} | false
        {"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::p1:user/*"}}    | true
        {"StringEquals":{"aws:SourceVpc":"vpc-91237329"}}            | false
        {"StringEquals":{"aws:Referer":"https://example.org/"}}      | true
        {"StringEquals":{"aws:UserAgent":"x"}}                       | true
        {"Bool":{"aws:SecureTransport":"true"}}                      | true
        {"Null":{"keystone:project":"false"}}                        | true
        {"StringLike":{"aws:Referer":"x*"},"StringEquals":{"keystone:project":"p1"}} | false
        """)
    void conditions(String condition, boolean isPublic) {
        assertThat(readableIf(condition).isPublic()).isEqualTo(isPublic);
    }

    @Test
    void oneStatementIsEnoughAndADenyDoesNotHelp() {
        String mine = "{'Effect':'Allow','Principal':{'AWS':'p1'},'Action':'s3:*','Resource':'arn:aws:s3:::bucket/*'}";
        String deny = "{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'arn:aws:s3:::bucket/*'}";
        String open = "{'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*'}";
        assertThat(policy(mine + "," + deny).isPublic()).isFalse();
        assertThat(policy(mine + "," + open).isPublic()).isTrue();
        assertThat(policy(open + "," + deny).isPublic()).isTrue();
    }

    @Test
    void aDenyWithExceptionsIsNotPublic() {
        assertThat(policy(
                                "{'Effect':'Deny','NotPrincipal':{'AWS':'p1'},'Action':'s3:*','Resource':'arn:aws:s3:::bucket/*'}")
                        .isPublic())
                .isFalse();
    }
}
