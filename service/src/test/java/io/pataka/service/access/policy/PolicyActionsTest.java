package io.pataka.service.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.access.policy.PolicyActions.Target;
import io.pataka.service.protocol.Route.Resource;
import io.pataka.service.protocol.S3Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyActionsTest {

    @ParameterizedTest
    @EnumSource(S3Operation.class)
    void everyActionOfAnOperationCanBeNamedAndIsDoneToTheRightThing(S3Operation operation) {
        for (boolean version : new boolean[] {false, true}) {
            String action = operation.access().actionFor(version);
            if (operation.isPreflight()
                    || operation.route().resource() == Resource.SERVICE
                    || !action.startsWith("s3:")) {
                continue;
            }
            int number = PolicyActions.number(PolicyActions.folded(action));
            assertThat(number).as(action).isNotNegative();
            boolean onObject = operation.route().resource() == Resource.OBJECT
                    || operation == S3Operation.DELETE_OBJECTS
                    || operation == S3Operation.POST_OBJECT;
            boolean onService = operation == S3Operation.CREATE_BUCKET
                    || operation.route().resource() == Resource.ACCOUNT_ACCESS_BLOCK;
            Target target = onService ? Target.SERVICE : onObject ? Target.OBJECT : Target.BUCKET;
            assertThat(PolicyActions.isOn(target, number)).as(action).isTrue();
        }
    }
}
