package io.pataka.service.operation.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.operation.TestPipeline;
import io.pataka.service.operation.TestPipeline.Reply;
import io.pataka.service.operation.object.ObjectRules;
import io.pataka.service.protocol.S3Error;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HeadBucket, GetBucketLocation, DeleteBucket. */
class BucketLifeTest {

    private final TestPipeline pipeline = new TestPipeline();

    @BeforeEach
    void makeBucket() {
        pipeline.call("PUT", "/photos").send();
    }

    @Test
    void headAnswersForABucketThatExists() {
        Reply reply = pipeline.call("HEAD", "/photos").send();

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("x-amz-bucket-arn")).isEqualTo("arn:aws:s3:::photos");
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void headReportsUsageOnDemand() {
        pipeline.call("PUT", "/photos/a").body("four").send();
        pipeline.call("PUT", "/photos/b").body("fifth").send();

        Reply reply = pipeline.call("HEAD", "/photos?read-stats=true").send();

        assertThat(reply.header("X-RGW-Object-Count")).isEqualTo("2");
        assertThat(reply.header("X-RGW-Bytes-Used")).isEqualTo("9");
        assertThat(reply.header("X-RGW-Quota-Max-Buckets")).isEqualTo("0");
        assertThat(pipeline.call("HEAD", "/photos").send().header("X-RGW-Object-Count"))
                .isNull();
    }

    @Test
    void headOfNoBucketIs404AndOfAnothersIs403() {
        assertThat(pipeline.call("HEAD", "/videos").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
        assertThat(pipeline.call("HEAD", "/photos")
                        .by(TestPipeline.BOB)
                        .refused()
                        .error())
                .isEqualTo(S3Error.ACCESS_DENIED);
    }

    @Test
    void locationIsTheRegion() {
        assertThat(pipeline.call("GET", "/photos?location")
                        .send()
                        .xml("LocationConstraint")
                        .text())
                .isEqualTo("RegionOne");
    }

    @Test
    void locationIsEmptyInTheFirstRegion() {
        TestPipeline first = new TestPipeline(TestPipeline.bucketRules("us-east-1", true, 0), ObjectRules.STANDARD);
        first.call("PUT", "/photos").send();

        assertThat(first.call("GET", "/photos?location")
                        .send()
                        .xml("LocationConstraint")
                        .text())
                .isEmpty();
    }

    @Test
    void deletesAnEmptyBucketOnly() {
        pipeline.call("PUT", "/photos/cat").body("meow").send();

        assertThat(pipeline.call("DELETE", "/photos").refused().error()).isEqualTo(S3Error.BUCKET_NOT_EMPTY);
        pipeline.call("DELETE", "/photos/cat").send();
        assertThat(pipeline.call("DELETE", "/photos").send().status()).isEqualTo(204);
        assertThat(pipeline.call("DELETE", "/photos").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
    }

    @Test
    void deletingABucketThatAnotherNodeDeletedIs404() {
        pipeline.bucket("photos");
        pipeline.buckets().vanish("photos");

        assertThat(pipeline.call("DELETE", "/photos").refused().error()).isEqualTo(S3Error.NO_SUCH_BUCKET);
    }
}
