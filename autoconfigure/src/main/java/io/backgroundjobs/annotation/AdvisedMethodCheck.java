package io.backgroundjobs.annotation;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.util.StringValueResolver;

import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.engine.JobEngine;

/**
 * Checks at the start what the advice of
 * {@link io.backgroundjobs.BackgroundJob @BackgroundJob} and
 * {@link io.backgroundjobs.Shielded @Shielded} would only find out at the first call.
 */
final class AdvisedMethodCheck {

	private final JobEngine engine;

	private final StringValueResolver resolver;

	AdvisedMethodCheck(ConfigurableListableBeanFactory beanFactory, JobEngine engine) {
		this.engine = engine;
		this.resolver = new EmbeddedValueResolver(beanFactory);
	}

	/**
	 * Check a method that spawns.
	 * @param bean the bean that has it
	 * @param method the method
	 * @param place where its annotation is
	 * @return what its annotation says
	 */
	BackgroundJobOperation checkBackgroundJob(JobBean bean, Method method, JobPlace place) {
		BackgroundJobOperation operation = BackgroundJobOperation.read(method, bean.name(), this.resolver);
		requirePool(place, operation.options().pool());
		Interception.require(place, method, target(bean), BackgroundJobInterceptor.class);
		return operation;
	}

	/**
	 * Check a method that runs as a shielded job.
	 * @param bean the bean that has it
	 * @param method the method
	 * @param place where its annotation is
	 * @return what its annotation says
	 */
	ShieldedOperation checkShielded(JobBean bean, Method method, JobPlace place) {
		ShieldedOperation operation = ShieldedOperation.read(method, bean.name(), this.resolver);
		Interception.require(place, method, target(bean), ShieldedInterceptor.class);
		return operation;
	}

	/**
	 * The advice is on the target; what is seen here of a scoped bean is its scope's
	 * proxy.
	 */
	private static @Nullable Object target(JobBean bean) {
		return bean.isScopedProxy() ? null : bean.existing();
	}

	private void requirePool(JobPlace place, @Nullable String pool) {
		Collection<String> pools = this.engine.pools().stream().map(PoolSnapshot::name).toList();
		if (pool != null && !pools.contains(pool)) {
			throw place.invalid("pool", pool, "which is not the name of a pool",
					"The pools are " + String.join(", ", new TreeSet<>(pools))
							+ ". Name one of them, or declare this one: background-jobs.pools." + pool
							+ ".limit=10, or a bean of type PoolSpec.");
		}
	}

}
