package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.util.function.Function;

import io.backgroundjobs.engine.JobStore;
import io.backgroundjobs.engine.StoredJobType;

/**
 * Makes the durable methods of beans known to the store, so that this instance runs what
 * any instance has spawned.
 */
final class DurableMethodRegistration {

	private final Function<String, JobStore> store;

	DurableMethodRegistration(Function<String, JobStore> store) {
		this.store = store;
	}

	/**
	 * Register a method.
	 * @param bean the bean that has it
	 * @param method the method
	 * @param operation what its annotation says
	 */
	void register(JobBean bean, Method method, BackgroundJobOperation operation) {
		JobPlace place = operation.place();
		JobStore found = this.store.apply(place.toString());
		if (!bean.isSingleton()) {
			throw place.failure("is durable, and on a bean that is no singleton",
					"Only singletons carry durable jobs: remove the scope, which there may not be where the job runs, "
							+ "or move the method to a singleton.");
		}
		Interception.requireFirst(place, method, bean.existing(), BackgroundJobInterceptor.class);
		found.register(new StoredJobType(operation.options(), JobContextParameters.otherTypes(method, bean.type()),
				new StoredMethodBody(bean, method, operation.options().name()), place.toString()));
	}

}
