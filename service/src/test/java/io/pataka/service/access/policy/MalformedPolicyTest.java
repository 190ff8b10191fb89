package io.pataka.service.access.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Faults of policies. The error names each fault and its place. */
class MalformedPolicyTest {

    private static final String GOOD =
            "'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*'";

    private static MalformedPolicyException refusal(String json) {
        return catchThrowableOfType(
                MalformedPolicyException.class, () -> BucketPolicy.parse(Policies.quoted(json), Policies.BUCKET));
    }

    private static void assertRefused(String json, String message, String fault) {
        MalformedPolicyException refusal = refusal(json);
        assertThat(refusal).as("%s is taken", json).isNotNull();
        assertThat(refusal.getMessage()).isEqualTo(message);
        assertThat(refusal.fault()).isEqualTo(fault);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        ``                               | Policies must be valid JSON and the first byte must be '{' | the document is empty
        []                               | Policies must be valid JSON and the first byte must be '{' | the document's beginning
        {                                | This policy contains invalid Json | line 1, column 2
        {'Statement':[]} x               | This policy contains invalid Json | line 1, column 18
        {'Version':'1','Version':'2'}    | This policy contains invalid Json | line 1, column 25
        {}                               | Missing required field Statement | the policy
        {'Statement':[]}                 | Could not parse the policy: Statement is empty! | Statement
        {'Statement':'x'}                | Statement must be an object or a list of objects | statement 1: "x"
        {'Statement':[[]]}               | Statement must be an object or a list of objects | statement 1: []
        {'Version':'2012-10-18','Statement':[]} | The policy must contain a valid version string | Version: "2012-10-18"
        {'Version':2012,'Statement':[]}  | The policy must contain a valid version string | Version: 2012
        {'Id':7,'Statement':[]}          | Id must be a string | 7
        {'Statments':[]}                 | Unknown field Statments | Statments
        """)
    void pointsAtTheFaultInADocument(String json, String message, String fault) {
        assertRefused(json, message, fault);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        'Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Missing required field Effect | statement 2: the statement
        'Effect':'allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Invalid effect: allow | statement 2, Effect: "allow"
        'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Missing required field Principal | statement 2: the statement
        'Effect':'Allow','Principal':'*','Resource':'arn:aws:s3:::bucket/*' | Missing required field Action | statement 2: the statement
        'Effect':'Allow','Principal':'*','Action':'s3:GetObject' | Missing required field Resource | statement 2: the statement
        'Effect':'Allow','NotPrincipal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Allow with NotPrincipal is not allowed. | statement 2: NotPrincipal
        'Effect':'Deny','Principal':'*','NotPrincipal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Statement must not have both Principal and NotPrincipal | statement 2: Principal, NotPrincipal
        'Effect':'Deny','Principal':'*','Action':'s3:GetObject','NotAction':'s3:PutObject','Resource':'arn:aws:s3:::bucket/*' | Statement must not have both Action and NotAction | statement 2: Action, NotAction
        'Effect':'Allow','Principal':'p1','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Invalid principal in policy | statement 2, Principal: "p1"
        'Effect':'Allow','Principal':{},'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Missing required field Principal cannot be empty! | statement 2, Principal: {}
        'Effect':'Allow','Principal':{'AWS':[]},'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Invalid principal in policy | statement 2, Principal: []
        'Effect':'Allow','Principal':{'AWS':'p*'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Invalid principal in policy | statement 2, Principal, AWS: p*
        'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::p1:user/*'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Invalid principal in policy | statement 2, Principal, AWS: arn:aws:iam::p1:user/*
        'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::p1:role/x'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Invalid principal in policy | statement 2, Principal, AWS: arn:aws:iam::p1:role/x
        'Effect':'Allow','Principal':{'CanonicalUser':'*'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Invalid principal in policy | statement 2, Principal, CanonicalUser: *
        'Effect':'Allow','Principal':{'Project':'p1'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Invalid principal in policy | statement 2, Principal: Project
        'Effect':'Allow','Principal':'*','Action':'s3:GetObjekt','Resource':'arn:aws:s3:::bucket/*' | Policy has invalid action | statement 2, Action: s3:GetObjekt
        'Effect':'Allow','Principal':'*','Action':'ec2:*','Resource':'arn:aws:s3:::bucket/*' | Policy has invalid action | statement 2, Action: ec2:*
        'Effect':'Allow','Principal':'*','Action':[],'Resource':'arn:aws:s3:::bucket/*' | Policy has invalid action | statement 2, Action: []
        'Effect':'Allow','Principal':'*','Action':{'x':1},'Resource':'arn:aws:s3:::bucket/*' | Policy has invalid action | statement 2, Action: {"x":1}
        'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'bucket/*' | Policy has invalid resource | statement 2, Resource: bucket/*
        'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::other/*' | Policy has invalid resource | statement 2, Resource: arn:aws:s3:::other/*
        'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::buckets/*' | Policy has invalid resource | statement 2, Resource: arn:aws:s3:::buckets/*
        'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':['arn:aws:s3:::bucket/*','arn:aws:s3:::b'] | Policy has invalid resource | statement 2, Resource: arn:aws:s3:::b
        'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/${keystone:project' | Policy has an invalid variable | statement 2, Resource: arn:aws:s3:::bucket/${keystone:project
        'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/${keystone:name}' | Policy has an invalid variable | statement 2, Resource: keystone:name
        'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/${keystone:role}' | Policy has an invalid variable | statement 2, Resource: keystone:role
        'Effect':'Deny','Principal':'*','Action':'s3:ListBucket','Resource':'arn:aws:s3:::bucket/*' | Action does not apply to any resource(s) in statement | statement 2: s3:listbucket
        'Effect':'Deny','Principal':'*','Action':['s3:GetBucketAcl','s3:GetObject'],'Resource':'arn:aws:s3:::bucket' | Action does not apply to any resource(s) in statement | statement 2: s3:getobject
        'Effect':'Deny','Principal':'*','Action':'s3:ListAllMyBuckets','Resource':'arn:aws:s3:::*' | Action does not apply to any resource(s) in statement | statement 2: s3:listallmybuckets
        'Sid':1,'Effect':'Allow','Principal':'*','Action':'s3:GetObject','Resource':'arn:aws:s3:::bucket/*' | Sid must be a string | statement 2, Sid: 1
        'Effects':'Allow' | Unknown field Effects | statement 2: Effects
        """)
    void pointsAtTheFaultInAStatement(String second, String message, String fault) {
        assertRefused(
                "{'Version':'2012-10-17','Statement':[{'Sid':'one'," + GOOD + "},{" + second + "}]}", message, fault);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        []                                             | Condition must be an object | statement 1, Condition: []
        {'StringEqual':{'aws:userid':'x'}}             | Invalid Condition type : StringEqual | statement 1, Condition: StringEqual
        {'stringequals':{'aws:userid':'x'}}            | Invalid Condition type : stringequals | statement 1, Condition: stringequals
        {'NullIfExists':{'aws:userid':'true'}}         | Invalid Condition type : NullIfExists | statement 1, Condition: NullIfExists
        {'ForAnyValue:Null':{'aws:userid':'true'}}     | Invalid Condition type : ForAnyValue:Null | statement 1, Condition: ForAnyValue:Null
        {'ForSomeValue:StringLike':{'aws:userid':'x'}} | Invalid Condition type : ForSomeValue:StringLike | statement 1, Condition: ForSomeValue:StringLike
        {'BoolNot':{'aws:SecureTransport':'x'}}        | Invalid Condition type : BoolNot | statement 1, Condition: BoolNot
        {'StringEquals':[]}                            | A condition operator must hold condition keys | statement 1, Condition, StringEquals: []
        {'StringEquals':{}}                            | A condition operator must hold condition keys | statement 1, Condition, StringEquals: {}
        {'StringEquals':{'s3:Bogus':'x'}}              | Policy has an invalid condition key | statement 1, Condition, StringEquals: s3:Bogus
        {'StringEquals':{'aws:Bogus':'x'}}             | Policy has an invalid condition key | statement 1, Condition, StringEquals: aws:Bogus
        {'StringEquals':{'ec2:Region':'x'}}            | Policy has an invalid condition key | statement 1, Condition, StringEquals: ec2:Region
        {'StringEquals':{'s3:ExistingObjectTag':'x'}}  | Policy has an invalid condition key | statement 1, Condition, StringEquals: s3:ExistingObjectTag
        {'StringEquals':{'s3:ExistingObjectTag/':'x'}} | Policy has an invalid condition key | statement 1, Condition, StringEquals: s3:ExistingObjectTag/
        {'StringEquals':{'aws:userid':[]}}             | A condition key must have a value | statement 1, Condition, StringEquals, aws:userid: []
        {'StringEquals':{'aws:userid':null}}           | A condition value must be a string, a number or a Boolean | statement 1, Condition, StringEquals, aws:userid: null
        {'StringEquals':{'aws:userid':{'a':'b'}}}      | A condition value must be a string, a number or a Boolean | statement 1, Condition, StringEquals, aws:userid: {"a":"b"}
        {'StringEquals':{'aws:userid':'${'}}           | Policy has an invalid variable | statement 1, Condition, StringEquals, aws:userid: ${
        {'NumericLessThan':{'s3:signatureAge':'ten'}}  | Policy has an invalid number in a condition | statement 1, Condition, NumericLessThan, s3:signatureAge: ten
        {'DateLessThan':{'aws:CurrentTime':'soon'}}    | Policy has an invalid date in a condition | statement 1, Condition, DateLessThan, aws:CurrentTime: soon
        {'Bool':{'aws:SecureTransport':'yes'}}         | Policy has an invalid Boolean in a condition | statement 1, Condition, Bool, aws:SecureTransport: yes
        {'Null':{'aws:Referer':'maybe'}}               | Policy has an invalid Boolean in a condition | statement 1, Condition, Null, aws:Referer: maybe
        {'BinaryEquals':{'aws:userid':'*'}}            | Policy has an invalid binary value in a condition | statement 1, Condition, BinaryEquals, aws:userid: *
        {'IpAddress':{'aws:SourceIp':'10.0.0.0/33'}}   | Policy has an invalid IP address in a condition | statement 1, Condition, IpAddress, aws:SourceIp: 10.0.0.0/33
        {'IpAddress':{'aws:SourceIp':'localhost'}}     | Policy has an invalid IP address in a condition | statement 1, Condition, IpAddress, aws:SourceIp: localhost
        {'ArnLike':{'aws:PrincipalArn':'p1'}}          | Policy has an invalid ARN in a condition | statement 1, Condition, ArnLike, aws:PrincipalArn: p1
        {'StringLike':{'s3:prefix':'x'}}               | Conditions do not apply to combination of actions and resources in statement | statement 1: {"StringLike":{"s3:prefix":"x"}}
        """)
    void pointsAtTheFaultInACondition(String condition, String message, String fault) {
        assertRefused(
                "{'Version':'2012-10-17','Statement':{" + GOOD + ",'Condition':" + condition + "}}", message, fault);
    }

    @Test
    void whiteSpaceDoesNotCountForTheLimitAndOneByteMoreIsTooMuch() {
        String head = "{'Id':'";
        String tail = "','Statement':{" + GOOD + "}}";
        String longest = head + "x".repeat(BucketPolicy.MAX_BYTES - head.length() - tail.length()) + tail;
        assertThat(refusal(longest)).isNull();
        assertThat(refusal(longest.replace("','", "' ,\n '"))).isNull();
        assertRefused(
                longest.replace("Id':'", "Id':'x"),
                "Normalized policy document exceeds the maximum allowed size of 20480 bytes.",
                "20481 bytes");
    }

    @Test
    void aDepthThatNoPolicyHasIsRefused() {
        assertThat(refusal("{'Statement':" + "[".repeat(100_000)).getMessage())
                .isEqualTo("This policy contains invalid Json");
    }

    @Test
    void theOlderPolicyVersionHasNoVariables() {
        assertThat(refusal(
                        "{'Version':'2008-10-17','Statement':{'Effect':'Allow','Principal':'*','Action':'s3:GetObject',"
                                + "'Resource':'arn:aws:s3:::bucket/${'}}"))
                .isNull();
    }

    @Test
    void aDenyWithNotActionNeedsSomeActionThatIsLeft() {
        assertThat(refusal("{'Statement':{'Effect':'Deny','Principal':'*','NotAction':'s3:GetObject',"
                        + "'Resource':'arn:aws:s3:::bucket'}}"))
                .isNull();
        assertRefused(
                "{'Statement':{'Effect':'Deny','Principal':'*','NotAction':'s3:*','Resource':'arn:aws:s3:::bucket'}}",
                "Action does not apply to any resource(s) in statement",
                "statement 1: no action");
    }

    @Test
    void anAllowThatNeverAppliesIsAcceptedAsByCeph() {
        assertThat(
                        refusal(
                                "{'Statement':{'Effect':'Allow','Principal':'*','Action':'s3:PutObject','Resource':'arn:aws:s3:::bucket'}}"))
                .isNull();
    }
}
