package io.pataka.service.operation;

import io.pataka.service.metadata.ObjectIndex;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Lets a test change something after a request has looked the current version of its object up. */
public final class InterruptedIndex {

    private Runnable meanwhile;

    /** What is done once, after the next look-up; null for nothing. */
    public void meanwhile(Runnable change) {
        meanwhile = change;
    }

    /** An index that does it. */
    public ObjectIndex around(ObjectIndex real) {
        return (ObjectIndex) Proxy.newProxyInstance(
                ObjectIndex.class.getClassLoader(), new Class<?>[] {ObjectIndex.class}, (proxy, method, values) -> {
                    try {
                        Object result = method.invoke(real, values);
                        Runnable next = meanwhile;
                        if (next != null && method.getName().equals("current")) {
                            meanwhile = null;
                            next.run();
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
